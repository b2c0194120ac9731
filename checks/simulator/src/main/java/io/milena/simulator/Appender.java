package io.milena.simulator;

import io.milena.records.Record;
import io.milena.simulator.anomalies.TransactionHistory;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends values to keys and polls keys, some of each in each transaction. At random it aborts, says no more and comes again as its own successor, loses the answer to a commit, or goes back to where it
 * has read before.
 */
final class Appender extends Client {
    private static final String GROUP = "appenders";
    private static final int TIMEOUT_MS = 300;
    private static final int STEPS_MAX = 5;
    private static final int VALUES_MAX = 3;

    private final String id;
    private final String topic;
    private final TransactionHistory history;
    private final TransactionHistory.Reader[] readers;
    private final long[] positions;
    /** How many transactions are still to be begun. */
    private int left;

    /** @param keys how many partitions the topic has */
    Appender(
            SimulatedEnvironment world,
            String id,
            String topic,
            int keys,
            TransactionHistory history,
            int transactions) {
        super(world);
        this.id = id;
        this.topic = topic;
        this.history = history;
        this.left = transactions;
        this.positions = new long[keys];
        this.readers = new TransactionHistory.Reader[keys];
        for (int key = 0; key < keys; key++) {
            readers[key] = history.read(key, 0);
        }
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        WireProducer producer = WireProducer.any(random, connection, id, topic, positions.length);
        if (!WireProducer.hasCoordinators(connection, GROUP, id) || !producer.introduce(TIMEOUT_MS)) {
            return false;
        }
        while (left > 0) {
            left--;
            if (!transact(connection, producer)) {
                return false;
            }
        }
        return true;
    }

    private boolean transact(WireClient connection, WireProducer producer) throws IOException {
        TransactionHistory.Transaction transaction = history.begin();
        boolean isAnythingSent = false;
        int steps = 1 + random.nextInt(STEPS_MAX);
        for (int step = 0; step < steps; step++) {
            int key = random.nextInt(positions.length);
            if (random.nextBoolean()) {
                poll(connection, transaction, key);
            } else if (append(producer, transaction, key)) {
                isAnythingSent = true;
            } else {
                return false;
            }
        }
        return !isAnythingSent || end(producer, transaction);
    }

    private void poll(WireClient connection, TransactionHistory.Transaction transaction, int key) throws IOException {
        if (random.nextInt(20) == 0) {
            positions[key] = 0;
            readers[key] = history.read(key, 0);
        }
        CommittedRecords records = CommittedRecords.of(
                CommittedReader.fetch(connection, random, topic, key, positions[key]), positions[key]);
        positions[key] = records.next();
        readers[key].poll(transaction, seen(records.records()));
    }

    private boolean append(WireProducer producer, TransactionHistory.Transaction transaction, int key)
            throws IOException {
        List<Long> values = new ArrayList<>();
        int count = 1 + random.nextInt(VALUES_MAX);
        for (int i = 0; i < count; i++) {
            values.add(transaction.append(key));
        }
        long offset = producer.write(
                key,
                nowMs(),
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

    private boolean end(WireProducer producer, TransactionHistory.Transaction transaction) throws IOException {
        int whim = random.nextInt(10);
        if (whim == 0) {
            return false; // and says no more: its successor or the time-out aborts
        }
        if (whim < 3) {
            return producer.end(false);
        }
        transaction.askToCommit();
        if (whim == 3) {
            producer.askToEnd(true);
            return false; // and does not hear the answer
        }
        boolean isCommitted = producer.end(true);
        if (isCommitted) {
            transaction.confirm();
        }
        return isCommitted;
    }

    static List<TransactionHistory.Seen> seen(List<Record> records) {
        return records.stream()
                .map(record -> {
                    ByteBuffer key = record.key();
                    return new TransactionHistory.Seen(record.offset(), key == null ? -1 : key.getLong(key.position()));
                })
                .toList();
    }
}
