package io.milena.simulator;

import io.milena.records.Record;
import io.milena.simulator.Brokers.Target;
import io.milena.simulator.anomalies.TransactionHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Appends values to keys and polls keys, some of each in each transaction. At random it aborts, says no more and comes again as its own successor, loses the answer to a commit, or goes back to where it
 * has read before.
 */
public final class Appender implements Work {
    private static final int STEPS_MAX = 5;
    private static final int VALUES_MAX = 3;

    private final String id;
    private final int timeoutMs;
    private final String topic;
    private final TransactionHistory history;
    private final BooleanSupplier isEnough;
    private final TransactionHistory.Reader[] readers;
    private final long[] positions;

    /**
     * @param keys how many partitions the topic has
     * @param isEnough asked before each transaction
     */
    public Appender(
            String id, int timeoutMs, String topic, int keys, TransactionHistory history, BooleanSupplier isEnough) {
        this.id = id;
        this.timeoutMs = timeoutMs;
        this.topic = topic;
        this.history = history;
        this.isEnough = isEnough;
        this.positions = new long[keys];
        this.readers = new TransactionHistory.Reader[keys];
        for (int key = 0; key < keys; key++) {
            readers[key] = history.read(key, 0);
        }
    }

    @Override
    public boolean go(Brokers brokers) throws IOException {
        WireProducer producer = WireProducer.any(brokers, id, topic, positions.length);
        if (!producer.introduce(timeoutMs)) {
            return false;
        }
        while (!isEnough.getAsBoolean()) {
            if (!transact(brokers, producer)) {
                return false;
            }
        }
        return true;
    }

    private boolean transact(Brokers brokers, WireProducer producer) throws IOException {
        TransactionHistory.Transaction transaction = history.begin();
        boolean isAnythingSent = false;
        int steps = 1 + brokers.random().nextInt(STEPS_MAX);
        for (int step = 0; step < steps; step++) {
            int key = brokers.random().nextInt(positions.length);
            if (brokers.random().nextBoolean()) {
                poll(brokers, transaction, key);
            } else if (append(brokers, producer, transaction, key)) {
                isAnythingSent = true;
            } else {
                return false;
            }
        }
        return !isAnythingSent || end(brokers, producer, transaction);
    }

    private void poll(Brokers brokers, TransactionHistory.Transaction transaction, int key) throws IOException {
        if (brokers.random().nextInt(20) == 0) {
            positions[key] = 0;
            readers[key] = history.read(key, 0);
        }
        CommittedRecords records = CommittedReader.fetch(brokers, Target.leader(topic, key), positions[key]);
        if (records != null) {
            positions[key] = records.next();
            readers[key].poll(transaction, seen(records));
        }
    }

    private boolean append(Brokers brokers, WireProducer producer, TransactionHistory.Transaction transaction, int key)
            throws IOException {
        List<Long> values = new ArrayList<>();
        int count = 1 + brokers.random().nextInt(VALUES_MAX);
        for (int i = 0; i < count; i++) {
            values.add(transaction.append(key));
        }
        long offset = producer.write(
                key,
                values.stream()
                        .map(value ->
                                ByteBuffer.allocate(Long.BYTES).putLong(value).flip())
                        .toList());
        if (offset == WireProducer.REFUSED) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            transaction.appended(values.get(i), offset + i);
        }
        return true;
    }

    private boolean end(Brokers brokers, WireProducer producer, TransactionHistory.Transaction transaction)
            throws IOException {
        int whim = brokers.random().nextInt(10);
        if (whim == 0) {
            return false; // and says no more: its successor or the time-out aborts
        }
        if (whim < 3) {
            return producer.end(false);
        }
        transaction.askToCommit();
        if (whim == 3) {
            producer.endInVain(true);
        }
        boolean isCommitted = producer.end(true);
        if (isCommitted) {
            transaction.confirm();
        }
        return isCommitted;
    }

    /** What a fetch has brought, as the history takes it down. */
    public static List<TransactionHistory.Seen> seen(CommittedRecords records) {
        return records.records().stream().map(Appender::seen).toList();
    }

    private static TransactionHistory.Seen seen(Record record) {
        ByteBuffer key = record.key();
        return new TransactionHistory.Seen(record.offset(), key == null ? -1 : key.getLong(key.position()));
    }
}
