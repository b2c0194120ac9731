package io.milena.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What clients of one partition were told, and whether a log keeps it: what was acknowledged or read is there, at its offset; nothing is there twice or
 * was never sent; each writer's entries stand in the order in which it wrote them, without a gap.
 */
public final class History {
    /** The n-th record of a writer, counted from 0. */
    public record Entry(int writer, int number) {}

    private final TreeMap<Long, Entry> promised = new TreeMap<>();
    /** Acknowledged by somebody who did not know where it is. */
    private final Set<Entry> somewhere = new LinkedHashSet<>();

    private final List<Integer> sent = new ArrayList<>();

    /** A new writer, by its number. */
    public int addWriter() {
        sent.add(0);
        return sent.size() - 1;
    }

    /** A writer is about to send its next entry for the first time. */
    public Entry next(int writer) {
        int number = sent.get(writer);
        sent.set(writer, number + 1);
        return new Entry(writer, number);
    }

    public void acknowledged(long offset, Entry entry) {
        promise(offset, entry, "acknowledged");
    }

    /** It is there, and nobody knows where any more. */
    public void acknowledged(Entry entry) {
        somewhere.add(entry);
    }

    /** What a reader has seen may not go again either. */
    public void seen(long offset, Entry entry) {
        promise(offset, entry, "read");
    }

    private void promise(long offset, Entry entry, String how) {
        Entry before = promised.putIfAbsent(offset, entry);
        if (before != null && !before.equals(entry)) {
            throw new Violation(entry + " was " + how + " at offset " + offset + ", where " + before + " was promised");
        }
    }

    public int promises() {
        return promised.size();
    }

    /** @param log the whole partition from offset 0 on */
    public void check(List<Entry> log) {
        promised.forEach((offset, entry) -> {
            Entry kept = offset < log.size() ? log.get(Math.toIntExact(offset)) : null;
            if (!entry.equals(kept)) {
                throw new Violation(entry + " was promised at offset " + offset + ", where the log has " + kept);
            }
        });
        Set<Entry> known = new HashSet<>();
        int[] next = new int[sent.size()];
        for (Entry entry : log) {
            if (!known.add(entry)) {
                throw new Violation(entry + " is there twice");
            }
            if (entry.number >= sent.get(entry.writer)) {
                throw new Violation(entry + " was never sent");
            }
            if (entry.number != next[entry.writer]++) {
                throw new Violation(entry + " stands where number " + (next[entry.writer] - 1) + " belongs");
            }
        }
        for (Entry entry : somewhere) {
            if (!known.contains(entry)) {
                throw new Violation(entry + " was acknowledged and is nowhere");
            }
        }
    }

    /** A guarantee that was broken. */
    public static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Violation(String what) {
            super(what);
        }
    }
}
