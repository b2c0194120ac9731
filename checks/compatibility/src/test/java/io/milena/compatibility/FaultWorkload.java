package io.milena.compatibility;

import io.milena.compatibility.history.History;
import io.milena.compatibility.history.History.Acknowledged;
import io.milena.compatibility.history.History.Answered;
import io.milena.compatibility.history.History.Asked;
import io.milena.compatibility.history.History.Read;
import io.milena.compatibility.history.History.Sent;
import io.milena.compatibility.history.History.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Unmodified clients that work while a cluster is hurt, and write down what they see: two idempotent producers with {@code acks=all}, and a reader of all partitions. */
final class FaultWorkload implements AutoCloseable {
    private static final int PRODUCERS = 2;
    private static final int IN_FLIGHT = 50;
    private static final long PAUSE_NANOS = 2_000_000;
    private static final String FILLER = " " + "x".repeat(300);

    private final Map<String, Object> cluster;
    private final String topic;
    private final int partitions;
    private final History history = new History();
    private final List<AtomicInteger> acknowledged = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private int questions;
    private volatile boolean isStopping;

    FaultWorkload(String bootstrapServers, String topic, int partitions) {
        this.cluster = Map.of("bootstrap.servers", bootstrapServers);
        this.topic = topic;
        this.partitions = partitions;
        for (int id = 0; id < PRODUCERS; id++) {
            int producer = id;
            acknowledged.add(new AtomicInteger());
            threads.add(Thread.ofPlatform().start(() -> produce(producer)));
        }
        threads.add(Thread.ofPlatform().start(this::read));
    }

    private List<TopicPartition> all() {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private void produce(int id) {
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        long[] numbers = new long[partitions];
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of(
                "bootstrap.servers",
                cluster.get("bootstrap.servers"),
                "delivery.timeout.ms",
                300_000,
                "max.block.ms",
                300_000,
                "request.timeout.ms",
                3_000,
                "retry.backoff.max.ms",
                200,
                "reconnect.backoff.max.ms",
                200))) {
            for (int partition = 0; !isStopping; partition = (partition + 1) % partitions) {
                Value value = new Value(id, partition, numbers[partition]++);
                inFlight.acquire();
                history.add(new Sent(value));
                var _ = producer.send(
                        new ProducerRecord<>(topic, partition, null, value + FILLER), (metadata, error) -> {
                            inFlight.release();
                            if (error == null) {
                                history.add(new Acknowledged(value, metadata.offset()));
                                acknowledged.get(id).incrementAndGet();
                            } else {
                                failure.compareAndSet(null, error);
                            }
                        });
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
    }

    private void read() {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(cluster)) {
            consumer.assign(all());
            while (!isStopping) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    history.add(new Read("reader", record.partition(), record.offset(), Value.parse(record.value())));
                }
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Of the producer that has the fewest. */
    int acknowledged() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a client has given up", failed);
        }
        return acknowledged.stream().mapToInt(AtomicInteger::get).min().orElseThrow();
    }

    /** Where the partitions end, asked by somebody new who knows nothing. Only where nothing is wrong now: a leader that does not know yet that it leads no more answers what it knows. */
    void askForEnds() {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(cluster)) {
            for (TopicPartition partition : all()) {
                int question = questions++;
                history.add(new Asked(question, partition.partition()));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                history.add(new Answered(question, partition.partition(), end));
            }
        }
    }

    /** No more is sent, and all that was sent is acknowledged. */
    History finish() throws InterruptedException {
        isStopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        acknowledged();
        return history;
    }

    /** All that the partitions hold. */
    Map<Integer, SortedMap<Long, Value>> contents() {
        Map<Integer, SortedMap<Long, Value>> contents = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(cluster)) {
            for (TopicPartition partition : all()) {
                SortedMap<Long, Value> records = new TreeMap<>();
                contents.put(partition.partition(), records);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                BrokerUnderTest.poll(consumer, ignored -> consumer.position(partition) >= end)
                        .forEach(record -> records.put(record.offset(), Value.parse(record.value())));
            }
        }
        return contents;
    }

    @Override
    public void close() {
        isStopping = true;
        threads.forEach(Thread::interrupt);
    }
}
