package io.milena.simulator.invariants;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Readers of committed data see all of a transaction or nothing: once one of them has passed by an offset without seeing what a transaction has there, nobody sees anything of it, anywhere, and it was not confirmed. What is seen
 * at an offset is always the same.
 */
public final class TransactionsAreWhole {
    /** By partition: which transaction has written to an offset, as far as it was told. */
    private final Map<Integer, TreeMap<Long, Integer>> written = new HashMap<>();
    /** By partition: which transaction somebody has seen at an offset. */
    private final Map<Integer, TreeMap<Long, Integer>> seen = new HashMap<>();

    private final Set<Integer> shown = new HashSet<>();
    /** Of which something was passed by: where. */
    private final Map<Integer, String> hidden = new HashMap<>();

    private final Set<Integer> confirmed = new HashSet<>();

    /** A record of a transaction, in a partition that everybody knows. */
    public record Seen(long offset, int transaction) {}

    /** A producer was told where its record is. */
    public void wrote(int transaction, int partition, long offset) {
        written.computeIfAbsent(partition, any -> new TreeMap<>()).put(offset, transaction);
    }

    public void confirmed(int transaction) {
        confirmed.add(transaction);
        judge(transaction);
    }

    /** A reader has gone on in a partition, and has seen this on its way, in order. */
    public void read(int partition, long from, long next, List<Seen> records) {
        Set<Long> offsets = new HashSet<>();
        for (Seen each : records) {
            offsets.add(each.offset);
            Integer before =
                    seen.computeIfAbsent(partition, any -> new TreeMap<>()).putIfAbsent(each.offset, each.transaction);
            if (before != null && before != each.transaction) {
                throw new Violation(
                        getClass(),
                        "at offset " + each.offset + " of partition " + partition + " transaction " + each.transaction
                                + " is seen, where transaction " + before + " was");
            }
            shown.add(each.transaction);
            judge(each.transaction);
        }
        passBy(written, partition, from, next, offsets);
        passBy(seen, partition, from, next, offsets);
    }

    private void passBy(
            Map<Integer, TreeMap<Long, Integer>> known, int partition, long from, long next, Set<Long> offsets) {
        known.getOrDefault(partition, new TreeMap<>()).subMap(from, next).forEach((offset, transaction) -> {
            if (!offsets.contains(offset)) {
                hidden.put(transaction, "offset " + offset + " of partition " + partition);
                judge(transaction);
            }
        });
    }

    private void judge(int transaction) {
        String where = hidden.get(transaction);
        if (where != null && (shown.contains(transaction) || confirmed.contains(transaction))) {
            throw new Violation(
                    getClass(),
                    "transaction " + transaction + " was " + (shown.contains(transaction) ? "seen" : "confirmed")
                            + ", and passed by at " + where);
        }
    }
}
