package io.milena.compatibility;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** One idempotent producer that sends numbered records as fast as it may, from a thread of its own, and remembers what was acknowledged. */
final class NumberedProducer implements AutoCloseable {
    private static final int VALUE_BYTES = 8_000;

    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final Thread thread;
    private final String filler;
    /** Numbers by offset. */
    private final Map<Long, Integer> acknowledged = new ConcurrentSkipListMap<>();

    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean isStopping;

    NumberedProducer(String address, String topic) {
        this.topic = topic;
        this.filler = Long.toString(new Random(1).nextLong(), 36).repeat(VALUE_BYTES / 13);
        this.producer = BrokerUnderTest.producer(Map.of(
                "bootstrap.servers",
                address,
                "delivery.timeout.ms",
                300_000,
                "max.block.ms",
                300_000,
                "retry.backoff.max.ms",
                200,
                "buffer.memory",
                2_000_000));
        this.thread = Thread.ofPlatform().start(this::send);
    }

    private void send() {
        for (int number = 0; !isStopping; number++) {
            int sent = number;
            var _ = producer.send(new ProducerRecord<>(topic, null, number + " " + filler), (metadata, error) -> {
                if (error == null) {
                    acknowledged.put(metadata.offset(), sent);
                } else {
                    failure.compareAndSet(null, error);
                }
            });
        }
        producer.flush();
    }

    /** What was acknowledged by now. */
    Map<Long, Integer> acknowledged() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("the producer has given up", failed);
        }
        return new TreeMap<>(acknowledged);
    }

    /** Sends no more, and waits for all acknowledgements. */
    Map<Long, Integer> finish() throws InterruptedException {
        isStopping = true;
        thread.join();
        return acknowledged();
    }

    @Override
    public void close() {
        isStopping = true;
        producer.close(java.time.Duration.ZERO);
    }
}
