package io.milena.benchmarks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer that sends records at a fixed rate, far below what a broker can take. A latency counts from the moment at which the record was due, so that one
 * that had to wait for an earlier one is not left out.
 */
final class SteadyProducer implements AutoCloseable {
    private static final int RECORDS_PER_SECOND = 2_000;
    private static final long INTERVAL_NANOS = 1_000_000_000 / RECORDS_PER_SECOND;

    private final KafkaProducer<byte[], byte[]> producer;
    private final ProducerRecord<byte[], byte[]> record;

    /** @param settings besides those that every producer needs */
    SteadyProducer(String address, String topic, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", address);
        all.put("acks", "all");
        this.producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
        this.record = new ProducerRecord<>(topic, new byte[1024]);
    }

    /** Sends while the condition holds, at most so long, and returns when all is acknowledged. */
    Latencies produce(int secondsMax, BooleanSupplier isWanted) {
        long[] nanos = new long[secondsMax * RECORDS_PER_SECOND];
        Arrays.fill(nanos, -1);
        long start = System.nanoTime();
        int sent = 0;
        while (sent < nanos.length && isWanted.getAsBoolean()) {
            long due = start + sent * INTERVAL_NANOS;
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            int index = sent++;
            Future<RecordMetadata> _ = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    nanos[index] = System.nanoTime() - due;
                }
            });
        }
        producer.flush();
        return Latencies.of(Arrays.copyOf(nanos, sent));
    }

    @Override
    public void close() {
        producer.close();
    }
}
