package io.milena.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Producers that commit one transaction after the other, each under an id of its own. */
final class TransactionalProducers implements AutoCloseable {
    private static final int RECORD_BYTES = 100;

    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final Senders senders = new Senders();
    private final Acknowledged committed = new Acknowledged();

    /** They begin at once; each record goes to the next partition. */
    TransactionalProducers(int count, String address, String topic, int partitions, int recordsEach) {
        for (int i = 0; i < count; i++) {
            KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", address, "transactional.id", topic + "-" + i),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producers.add(producer);
            int first = i;
            senders.start(Thread.ofPlatform(), () -> commit(producer, topic, first, partitions, recordsEach));
        }
    }

    private void commit(
            KafkaProducer<byte[], byte[]> producer, String topic, int first, int partitions, int recordsEach) {
        byte[] value = new byte[RECORD_BYTES];
        producer.initTransactions();
        for (int next = first; senders.goOn(); ) {
            producer.beginTransaction();
            for (int i = 0; i < recordsEach; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, next++ % partitions, null, value));
            }
            // Without it the client's sender thread may ask for the end before it has seen the records.
            producer.flush();
            producer.commitTransaction();
            committed.increment();
        }
    }

    /** Transactions committed a second, during so many seconds. */
    double perSecond(int seconds) throws InterruptedException {
        return committed.perSecond(seconds);
    }

    @Override
    public void close() {
        senders.stop();
        producers.forEach(KafkaProducer::close);
    }
}
