package io.milena.compatibility;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The thread of a producer that sends, held where it has asked whether records are under way and has not yet taken its next request. It stands in
 * place of the set of these records, whose monitor the client has while it asks, and gives that back while it holds the thread: the application
 * goes on as on a day when the machine gives the other thread no time.
 */
final class HeldSender extends HashSet<Object> {
    private static final long serialVersionUID = 1;

    private boolean isToHold;
    private boolean isHeld;

    private HeldSender(Set<?> underWay) {
        super(underWay);
    }

    static HeldSender of(KafkaProducer<?, ?> producer) {
        try {
            Object batches = value(value(producer, "accumulator"), "incomplete");
            Field set = field(batches, "incomplete");
            HeldSender held = new HeldSender((Set<?>) set.get(batches));
            set.set(batches, held);
            return held;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the client is another one", e);
        }
    }

    private static Object value(Object owner, String name) throws ReflectiveOperationException {
        return field(owner, name).get(owner);
    }

    private static Field field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Waits until the thread is held; the producer has nothing to send. */
    void hold(KafkaProducer<?, ?> producer) {
        synchronized (this) {
            isToHold = true;
        }
        producer.flush(); // wakes it: it asks again, and hears that there is nothing
        BrokerUnderTest.await("the sender to be held", this::isHeld);
    }

    private synchronized boolean isHeld() {
        return isHeld;
    }

    synchronized void release() {
        isToHold = false;
        notifyAll();
    }

    @Override
    public synchronized boolean isEmpty() {
        boolean answer = super.isEmpty();
        while (isToHold && answer) {
            isHeld = true;
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        isHeld = false;
        return answer;
    }
}
