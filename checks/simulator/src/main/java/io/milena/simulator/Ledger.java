package io.milena.simulator;

import io.milena.records.Record;
import io.milena.simulator.History.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What became of transactions that each copy some numbers of an input to every partition of an output, and commit with it how far they have come; and whether what readers of committed data see keeps
 * to it: a transaction is there in all partitions or in none, an aborted one is nowhere, a committed one stays, and in the end each number is there exactly once, in order.
 */
final class Ledger {
    /** One number as one attempt has copied it. */
    record Entry(int attempt, int number) {
        static Entry of(Record record) {
            ByteBuffer key = record.key();
            if (key == null) {
                throw new Violation("the record at offset " + record.offset() + " was never sent");
            }
            return new Entry(key.getInt(key.position()), key.getInt(key.position() + Integer.BYTES));
        }

        /** How it is written. */
        ByteBuffer key() {
            return ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(attempt)
                    .putInt(number)
                    .flip();
        }
    }

    private enum Fate {
        /** Nobody has asked for it to be committed, so that it must never be seen. */
        OPEN,
        /** A commit was sent: it may be seen. */
        ASKED,
        /** The commit was confirmed: it must be seen. */
        CONFIRMED
    }

    private final List<Fate> fates = new ArrayList<>();
    private final List<List<Integer>> numbers = new ArrayList<>();
    /** By partition: what somebody has seen, at its offset. */
    private final List<TreeMap<Long, Entry>> seen = new ArrayList<>();

    Ledger(int partitions) {
        for (int i = 0; i < partitions; i++) {
            seen.add(new TreeMap<>());
        }
    }

    /** A new attempt, by its number. */
    int begin(int from, int until) {
        List<Integer> copied = new ArrayList<>();
        for (int number = from; number < until; number++) {
            copied.add(number);
        }
        fates.add(Fate.OPEN);
        numbers.add(copied);
        return fates.size() - 1;
    }

    void askToCommit(int attempt) {
        fates.set(attempt, Fate.ASKED);
    }

    void confirm(int attempt) {
        fates.set(attempt, Fate.CONFIRMED);
    }

    int confirmed() {
        return (int) fates.stream().filter(fate -> fate == Fate.CONFIRMED).count();
    }

    /** A reader of committed data has seen this. */
    void see(int partition, long offset, Entry entry) {
        if (fates.get(entry.attempt) == Fate.OPEN) {
            throw new Violation(entry + " is seen in partition " + partition + ", and nobody has committed it");
        }
        Entry before = seen.get(partition).putIfAbsent(offset, entry);
        if (before != null && !before.equals(entry)) {
            throw new Violation(entry + " is at offset " + offset + ", where " + before + " was seen");
        }
    }

    /** @param logs all that readers of committed data see at the end, by partition */
    void check(List<List<Entry>> logs, int count) {
        Set<Integer> visible = new LinkedHashSet<>();
        for (int partition = 0; partition < logs.size(); partition++) {
            List<Entry> log = logs.get(partition);
            checkOnce(partition, log, count);
            if (!log.containsAll(seen.get(partition).values())) {
                throw new Violation("something that was seen in partition " + partition + " has gone");
            }
            log.forEach(entry -> visible.add(entry.attempt));
        }
        for (int attempt : visible) {
            for (int partition = 0; partition < logs.size(); partition++) {
                checkWhole(attempt, partition, logs.get(partition));
            }
        }
        for (int attempt = 0; attempt < fates.size(); attempt++) {
            if (fates.get(attempt) == Fate.CONFIRMED && !visible.contains(attempt)) {
                throw new Violation("attempt " + attempt + " was committed and is nowhere");
            }
        }
    }

    private static void checkOnce(int partition, List<Entry> log, int count) {
        Map<Integer, Entry> known = new HashMap<>();
        int next = 0;
        for (Entry entry : log) {
            Entry before = known.putIfAbsent(entry.number, entry);
            if (before != null) {
                throw new Violation(entry + " and " + before + " are both seen in partition " + partition);
            }
            if (entry.number != next++) {
                throw new Violation(entry + " stands in partition " + partition + " where " + (next - 1) + " belongs");
            }
        }
        if (next != count) {
            throw new Violation(next + " of " + count + " numbers are seen in partition " + partition);
        }
    }

    private void checkWhole(int attempt, int partition, List<Entry> log) {
        Set<Integer> there = new HashSet<>();
        log.stream().filter(entry -> entry.attempt == attempt).forEach(entry -> there.add(entry.number));
        if (!there.equals(new HashSet<>(numbers.get(attempt)))) {
            throw new Violation("attempt " + attempt + " copied " + numbers.get(attempt) + ", of which partition "
                    + partition + " has " + there);
        }
    }
}
