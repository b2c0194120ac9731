package io.milena.benchmarks;

import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A producer with its defaults that sends a record every millisecond, and watches how long nothing is acknowledged. */
final class PauseWatch implements AutoCloseable {
    private static final long INTERVAL_NANOS = 1_000_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final ProducerRecord<byte[], byte[]> record;
    private final Thread sending;
    private volatile boolean isClosed;

    // Guarded by this.
    private long acknowledged;
    private long lastNanos;
    private long pauseNanos;
    private long latencyNanos;
    private int failed;

    PauseWatch(String addresses, String topic) {
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", addresses), new ByteArraySerializer(), new ByteArraySerializer());
        this.record = new ProducerRecord<>(topic, new byte[1024]);
        this.sending = Thread.ofPlatform().daemon().start(this::send);
    }

    /** What happened while something was done, and until so many records more were acknowledged. */
    record Pause(double seconds, double longestLatencySeconds, int failed) {}

    /** Something that is done to the brokers. */
    interface Disturbance {
        void run() throws Exception;
    }

    private void send() {
        for (long due = System.nanoTime(); !isClosed; due += INTERVAL_NANOS) {
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            long sent = due;
            Future<RecordMetadata> _ = producer.send(record, (metadata, failure) -> answered(sent, failure));
        }
    }

    private synchronized void answered(long sentNanos, @Nullable Exception failure) {
        if (failure != null) {
            failed++;
            return;
        }
        long now = System.nanoTime();
        acknowledged++;
        pauseNanos = Math.max(pauseNanos, now - lastNanos);
        latencyNanos = Math.max(latencyNanos, now - sentNanos);
        lastNanos = now;
        notifyAll();
    }

    /** Returns when so many records more are acknowledged. */
    synchronized void awaitAcknowledged(int records) throws InterruptedException {
        long wanted = acknowledged + records;
        while (acknowledged < wanted) {
            wait();
        }
    }

    Pause longestPause(Disturbance disturbance, int records) throws Exception {
        synchronized (this) {
            pauseNanos = 0;
            latencyNanos = 0;
            failed = 0;
            lastNanos = System.nanoTime();
        }
        disturbance.run();
        awaitAcknowledged(records);
        synchronized (this) {
            return new Pause(pauseNanos / 1e9, latencyNanos / 1e9, failed);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            sending.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
