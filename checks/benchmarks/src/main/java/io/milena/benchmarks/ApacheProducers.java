package io.milena.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Apache's, each with a thread and a connection of its own, that wait for each acknowledgement. */
final class ApacheProducers implements Producing {
    private static final int RECORD_BYTES = 1024;

    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final Senders senders = new Senders();
    private final Acknowledged acknowledged = new Acknowledged();

    /** They begin at once, each with a partition of its own, if there are so many, and go on to the next one after each record. */
    ApacheProducers(int count, String address, String topic, int partitions) {
        for (int i = 0; i < count; i++) {
            KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", address, "acks", "all", "linger.ms", "0"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producers.add(producer);
            int first = i * Math.max(1, partitions / count);
            senders.start(Thread.ofPlatform(), () -> send(producer, topic, first, partitions));
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String topic, int first, int partitions) {
        byte[] value = new byte[RECORD_BYTES];
        try {
            for (int i = 0; senders.goOn(); i++) {
                producer.send(new ProducerRecord<>(topic, (first + i) % partitions, null, value))
                        .get();
                acknowledged.increment();
            }
        } catch (InterruptedException | ExecutionException e) {
            acknowledged.fail(e);
        }
    }

    @Override
    public double recordsPerSecond(int seconds) throws InterruptedException {
        return acknowledged.perSecond(seconds);
    }

    @Override
    public void close() {
        senders.stop();
        producers.forEach(KafkaProducer::close);
    }
}
