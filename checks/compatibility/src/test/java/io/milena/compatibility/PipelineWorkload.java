package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Unmodified clients that read, process and write in transactions while a cluster is hurt: one writes numbers, two members of one group copy them, each under an id of its own, and commit their offsets with the copies. At random a
 * copier aborts, or says no more. In the end each number must have been copied once, in the order of its partition. The group is of
 * the newer protocol where the seed is even.
 */
final class PipelineWorkload implements AutoCloseable {
    private static final int COPIERS = 2;
    private static final String GROUP = "copiers";
    private static final long PAUSE_NANOS = 10_000_000;

    private final TransactionalClients clients;
    private final String from;
    private final String to;
    private final int partitions;
    private final GroupProtocol protocol;
    private final AtomicInteger copied = new AtomicInteger();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread writer;
    private final List<Thread> copiers = new ArrayList<>();
    private volatile long written;
    private volatile boolean isEnough;
    private volatile boolean isStopping;

    /** Two topics of this workload alone, each with so many partitions. */
    PipelineWorkload(TransactionalClients clients, String from, String to, int partitions, long seed) {
        this.clients = clients;
        this.from = from;
        this.to = to;
        this.partitions = partitions;
        this.protocol = seed % 2 == 0 ? GroupProtocol.CONSUMER : GroupProtocol.CLASSIC;
        writer = Thread.ofPlatform().start(this::write);
        for (int i = 0; i < COPIERS; i++) {
            Random random = new Random(seed + i);
            String id = to + "-copier-" + i;
            copiers.add(Thread.ofPlatform().start(() -> copy(id, random)));
        }
    }

    private void write() {
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of(
                "bootstrap.servers",
                clients.bootstrapServers(),
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
            for (long number = 0; !isEnough; number++) {
                TransactionalClients.result(producer.send(
                        new ProducerRecord<>(from, (int) (number % partitions), null, Long.toString(number))));
                written = number + 1;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
    }

    /** As an application does: whoever cannot go on begins anew, where the group has committed. */
    private void copy(String id, Random random) {
        while (!isStopping) {
            try (KafkaProducer<String, String> producer = clients.producer(id);
                    KafkaConsumer<String, String> consumer = clients.member(GROUP, protocol)) {
                consumer.subscribe(List.of(from));
                boolean goesOn = true;
                while (!isStopping && goesOn) {
                    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                    goesOn = records.isEmpty() || copy(producer, consumer, records, random.nextInt(30));
                }
                producer.close(Duration.ZERO);
            } catch (KafkaException | IllegalStateException e) { // the second where it is fenced meanwhile
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** False where the transaction is not committed: the records have to be read again. */
    private boolean copy(
            KafkaProducer<String, String> producer,
            KafkaConsumer<String, String> consumer,
            ConsumerRecords<String, String> records,
            int whim) {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> each : records) {
            var _ = producer.send(new ProducerRecord<>(to, each.partition(), null, each.value()));
            offsets.put(new TopicPartition(from, each.partition()), new OffsetAndMetadata(each.offset() + 1));
        }
        if (whim == 0) {
            producer.flush();
            return false; // its successor aborts
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        if (whim == 1) {
            producer.abortTransaction();
            return false;
        }
        producer.commitTransaction();
        copied.addAndGet(records.count());
        return true;
    }

    /** So far, as far as the copiers know. */
    int copied() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("the writer has given up", failed);
        }
        return copied.get();
    }

    /** Ends the writer, lets the copiers come to the end, and compares. */
    void finish() throws InterruptedException {
        isEnough = true;
        writer.join();
        copied();
        List<TopicPartition> targets = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(to, partition))
                .toList();
        awaitCommitted();
        isStopping = true;
        for (Thread copier : copiers) {
            copier.join();
        }
        clients.awaitNothingOpen(targets);
        for (TopicPartition target : targets) {
            List<Long> expected = LongStream.range(0, written)
                    .filter(number -> number % partitions == target.partition())
                    .boxed()
                    .toList();
            assertEquals(expected, contents(target), () -> "copies in " + target);
        }
    }

    /** Until the group has committed the end of what was written. */
    private void awaitCommitted() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(from, partition), (written + partitions - 1 - partition) / partitions);
        }
        try (KafkaConsumer<String, String> observer = clients.member(GROUP, protocol)) {
            long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
            for (Map<TopicPartition, Long> committed = committed(observer, ends.keySet());
                    !committed.equals(ends);
                    committed = committed(observer, ends.keySet())) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("the copiers do not come to the end: " + committed + " of " + ends);
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    private static Map<TopicPartition, Long> committed(
            KafkaConsumer<String, String> observer, Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        observer.committed(partitions)
                .forEach((partition, committed) -> offsets.put(partition, committed == null ? 0 : committed.offset()));
        return offsets;
    }

    private List<Long> contents(TopicPartition partition) {
        List<Long> contents = new ArrayList<>();
        try (KafkaConsumer<String, String> reader = clients.reader()) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).get(partition);
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofMillis(100)).forEach(each -> contents.add(Long.parseLong(each.value())));
            }
        }
        return contents;
    }

    @Override
    public void close() {
        isEnough = true;
        isStopping = true;
        writer.interrupt();
        copiers.forEach(Thread::interrupt);
    }
}
