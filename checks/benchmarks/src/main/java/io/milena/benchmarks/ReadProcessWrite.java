package io.milena.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A program that copies each record of one topic to another in a transaction, with its offset; and somebody who sends a record, waits until readers of committed data see the copy, and sends the next one. */
final class ReadProcessWrite implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final String address;
    private final TopicPartition input;
    private final TopicPartition output;
    private final Thread copier;
    private volatile boolean isStopping;

    /** Begins at once; both topics have one partition. */
    ReadProcessWrite(String address, String input, String output) {
        this.address = address;
        this.input = new TopicPartition(input, 0);
        this.output = new TopicPartition(output, 0);
        this.copier = Thread.ofPlatform().start(this::copy);
    }

    private void copy() {
        String group = input.topic() + "-copier";
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(input, Map.of("group.id", group));
                KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", group))) {
            producer.initTransactions();
            while (!isStopping) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    producer.beginTransaction();
                    var _ = producer.send(new ProducerRecord<>(output.topic(), 0, each.key(), each.value()));
                    producer.sendOffsetsToTransaction(
                            Map.of(input, new OffsetAndMetadata(each.offset() + 1)), consumer.groupMetadata());
                    producer.commitTransaction();
                }
            }
        }
    }

    /** From the moment a record is sent until its copy is read, of each of so many. */
    Latencies latencies(int records) throws ExecutionException, InterruptedException {
        long[] nanos = new long[records];
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0));
                KafkaConsumer<byte[], byte[]> consumer = consumer(output, Map.of())) {
            consumer.seekToEnd(List.of(output));
            consumer.position(output);
            for (int i = 0; i < records; i++) {
                Stopwatch stopwatch = Stopwatch.start();
                producer.send(new ProducerRecord<>(input.topic(), 0, null, new byte[100]))
                        .get();
                while (consumer.poll(POLL).isEmpty()) {
                    // The copy is not committed yet.
                }
                nanos[i] = (long) (stopwatch.seconds() * 1e9);
            }
        }
        return Latencies.of(nanos);
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", address);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(TopicPartition partition, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", address);
        all.put("isolation.level", "read_committed");
        all.put("enable.auto.commit", false);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    @Override
    public void close() {
        isStopping = true;
        try {
            copier.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
