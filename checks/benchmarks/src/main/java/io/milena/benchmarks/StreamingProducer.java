package io.milena.benchmarks;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One of Apache's that sends as fast as it may. */
final class StreamingProducer implements Producing {
    private static final int RECORD_BYTES = 1024;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Senders senders = new Senders();
    private final Acknowledged acknowledged = new Acknowledged();

    StreamingProducer(String address, String topic, int batchBytes) {
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address, "acks", "all", "batch.size", batchBytes),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        senders.start(Thread.ofPlatform(), () -> send(topic));
    }

    private void send(String topic) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, new byte[RECORD_BYTES]);
        while (senders.goOn()) {
            Future<RecordMetadata> _ = producer.send(record, (_, failure) -> {
                if (failure == null) {
                    acknowledged.increment();
                } else {
                    acknowledged.fail(failure);
                }
            });
        }
    }

    @Override
    public double recordsPerSecond(int seconds) throws InterruptedException {
        return acknowledged.perSecond(seconds);
    }

    @Override
    public void close() {
        senders.stop();
        producer.close();
    }
}
