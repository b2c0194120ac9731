package io.milena.compatibility;

import io.milena.simulator.AppendStory.Identity;
import io.milena.simulator.anomalies.TransactionHistory;
import io.milena.simulator.anomalies.TransactionHistory.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Unmodified clients that append values to partitions and poll partitions, some of each in each transaction, while a cluster is hurt; one more only reads. At random they abort, or say no more and come again as their own
 * successors. What they did and saw is judged as the simulator's histories are.
 */
final class AppendWorkload implements AutoCloseable {
    private static final int APPENDERS = 2;
    private static final int STEPS_MAX = 4;
    private static final int VALUES_MAX = 3;
    private static final long PAUSE_NANOS = 20_000_000;

    private final TransactionalClients clients;
    private final Identity identity;
    private final String topic;
    private final List<TopicPartition> keys;
    private final TransactionHistory history = new TransactionHistory();
    private final AtomicInteger commits = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isStopping;

    /** @param topic of this workload alone, with so many partitions */
    AppendWorkload(TransactionalClients clients, Identity identity, String topic, int partitions, long seed) {
        this.clients = clients;
        this.identity = identity;
        this.topic = topic;
        this.keys = IntStream.range(0, partitions)
                .mapToObj(key -> new TopicPartition(topic, key))
                .toList();
        for (int i = 0; i < APPENDERS; i++) {
            Random random = new Random(seed + i);
            String id = id(i);
            threads.add(Thread.ofPlatform().start(() -> append(id, random)));
        }
        threads.add(Thread.ofPlatform().start(this::read));
    }

    private String id(int appender) {
        return topic + "-" + identity.of(appender);
    }

    /** As an application does: whoever cannot go on begins anew. */
    private void append(String id, Random random) {
        while (!isStopping) {
            try (KafkaProducer<String, String> producer = clients.producer(id);
                    Polls polls = new Polls()) {
                while (!isStopping && transact(producer, polls, random)) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                producer.close(Duration.ZERO);
            } catch (KafkaException
                    | IllegalStateException
                    | InterruptedException e) { // the second where it is fenced meanwhile
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** False where it says no more in the middle of a transaction. */
    private boolean transact(KafkaProducer<String, String> producer, Polls polls, Random random)
            throws InterruptedException {
        TransactionHistory.Transaction transaction = begin();
        producer.beginTransaction();
        Map<Long, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        int steps = 1 + random.nextInt(STEPS_MAX);
        for (int step = 0; step < steps; step++) {
            if (random.nextBoolean()) {
                polls.poll(transaction);
            } else {
                send(producer, transaction, random, sent);
            }
        }
        for (Map.Entry<Long, Future<RecordMetadata>> each : sent.entrySet()) {
            appended(
                    transaction,
                    each.getKey(),
                    TransactionalClients.result(each.getValue()).offset());
        }
        int whim = random.nextInt(12);
        if (whim == 0) {
            return false; // its successor aborts
        }
        if (whim < 3) {
            producer.abortTransaction();
            return true;
        }
        synchronized (history) {
            transaction.askToCommit();
        }
        producer.commitTransaction();
        synchronized (history) {
            transaction.confirm();
        }
        commits.incrementAndGet();
        return true;
    }

    private TransactionHistory.Transaction begin() {
        synchronized (history) {
            return history.begin();
        }
    }

    private void send(
            KafkaProducer<String, String> producer,
            TransactionHistory.Transaction transaction,
            Random random,
            Map<Long, Future<RecordMetadata>> sent) {
        int key = random.nextInt(keys.size());
        int count = 1 + random.nextInt(VALUES_MAX);
        for (int i = 0; i < count; i++) {
            long value;
            synchronized (history) {
                value = transaction.append(key);
            }
            sent.put(value, producer.send(new ProducerRecord<>(topic, key, null, Long.toString(value))));
        }
    }

    private void appended(TransactionHistory.Transaction transaction, long value, long offset) {
        synchronized (history) {
            transaction.appended(value, offset);
        }
    }

    /** Only reads, from the first offset on. */
    private void read() {
        try (Polls polls = new Polls()) {
            while (!isStopping) {
                polls.poll(null);
            }
        }
    }

    /** A consumer of committed data of all keys, and what it sees. */
    private final class Polls implements AutoCloseable {
        private final KafkaConsumer<String, String> consumer = clients.reader();
        private final List<TransactionHistory.Reader> readers = new ArrayList<>();

        Polls() {
            consumer.assign(keys);
            consumer.seekToBeginning(keys);
            synchronized (history) {
                keys.forEach(key -> readers.add(history.read(key.partition(), 0)));
            }
        }

        void poll(TransactionHistory.@Nullable Transaction transaction) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(50));
            synchronized (history) {
                for (TopicPartition key : records.partitions()) {
                    readers.get(key.partition())
                            .poll(
                                    transaction,
                                    records.records(key).stream()
                                            .map(AppendWorkload::seen)
                                            .toList());
                }
            }
        }

        void readToTheEnd() {
            Map<TopicPartition, Long> ends = consumer.endOffsets(keys);
            while (keys.stream().anyMatch(key -> consumer.position(key) < ends.get(key))) {
                poll(null);
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private static Seen seen(ConsumerRecord<String, String> record) {
        return new Seen(record.offset(), Long.parseLong(record.value()));
    }

    /** Confirmed so far. */
    int commits() {
        return commits.get();
    }

    /** Ends all clients, aborts what they left open, reads everything once more, and judges; a broken promise is thrown. */
    void finish() throws InterruptedException {
        isStopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < APPENDERS; i++) {
            clients.producer(id(i)).close();
        }
        clients.awaitNothingOpen(keys);
        try (Polls judge = new Polls()) {
            judge.readToTheEnd();
        }
        identity.judge(history);
    }

    @Override
    public void close() {
        isStopping = true;
        threads.forEach(Thread::interrupt);
    }
}
