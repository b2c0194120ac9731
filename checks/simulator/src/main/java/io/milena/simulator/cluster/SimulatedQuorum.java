package io.milena.simulator.cluster;

import io.milena.quorum.Leadership;
import io.milena.quorum.MetadataLog;
import io.milena.runtime.Signal;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulatedProcess;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes that agree on metadata, as their members see it, without the messages of a consensus: what is committed is one list that belongs to the world, and the seed decides, within what
 * the {@link MetadataLog} allows, who leads, how late somebody hears, and what becomes of an append whose leader is replaced. A majority counts only as far as the simulated network connects
 * it.
 *
 * <p>It stands for what {@code RatisMetadataLog} promises, not for how that keeps it: that a leader has all that was committed, that a term has one leader, and that what was committed stays are true here by construction.
 *
 * <p>Threads: those of the world, which switch only where they wait; so there are no locks. One thread of its own holds elections, on a computer that never fails.
 */
public final class SimulatedQuorum {
    private static final long TICK_MS = 50;
    private static final long ELECTION_MS_MIN = 300;
    private static final long ELECTION_MS_MAX = 900;
    private static final long WITHOUT_MAJORITY_MS = 2_000;

    private final SimulatedEnvironment world;
    private final RandomGenerator random;
    private final Signal changed = new Signal();
    private final Map<Integer, Seat> seats = new TreeMap<>();
    private final List<Entry> committed = new ArrayList<>();
    /** Appends of the present leader, or of the last one, in their order. */
    private final Deque<Pending> pending = new ArrayDeque<>();

    private Leadership leadership = new Leadership(0, Leadership.NOBODY);
    private int elections;
    private int changes;
    /** Who has won the latest election. */
    private int lastLeader = Leadership.NOBODY;

    /**
     * An append that was committed.
     *
     * @param totalBytes of all up to it
     */
    record Entry(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records, long totalBytes) {
        long endOffset() {
            return baseOffset + records.size();
        }
    }

    /** @param entries how many it stands for */
    record Snapshot(long endOffset, int epoch, int entries, List<ByteBuffer> records) {}

    /** What a node has on its disk, which it never loses, and its process, if one runs. */
    static final class Seat {
        final int id;
        /** How many entries. */
        int stored;

        @Nullable
        Snapshot snapshot;

        @Nullable
        SimulatedMetadataLog member;

        Seat(int id) {
            this.id = id;
        }

        boolean isRunning() {
            return member != null && member.isRunning();
        }
    }

    /** An append that was begun. */
    static final class Pending {
        private enum Fate {
            OPEN,
            COMMITTED,
            LOST
        }

        private final int epoch;
        private final long timeMs;
        private final List<ByteBuffer> records;
        private Fate fate = Fate.OPEN;
        /** Counted from 1. */
        private int entry;

        Pending(int epoch, long timeMs, List<ByteBuffer> records) {
            this.epoch = epoch;
            this.timeMs = timeMs;
            this.records = records;
        }

        boolean isLost() {
            return fate == Fate.LOST;
        }

        /** How many entries there are with it, or a number that is never reached. */
        int entry() {
            return fate == Fate.COMMITTED ? entry : Integer.MAX_VALUE;
        }
    }

    /** @param ids of all voters */
    public SimulatedQuorum(SimulatedEnvironment world, Collection<Integer> ids) {
        this.world = world;
        this.random = world.random();
        ids.forEach(id -> seats.put(id, new Seat(id)));
        world.process("quorum", world.disk()).environment().threads().start("elections", this::run);
    }

    /** What the settings of a member say of it. */
    Map<String, String> settings() {
        return Map.of(
                "milena.cluster.id",
                "c2ltdWxhdGVkLWNsdXN0ZQ",
                "controller.quorum.voters",
                seats.keySet().stream().map(id -> id + "@" + host(id) + ":9093").collect(Collectors.joining(",")));
    }

    /** The name of a node's computer. */
    static String host(int id) {
        return "broker-" + id;
    }

    /** Starts a member, in a process of its computer. One that led before knows nothing of what its former process has begun, so its epoch is over. */
    public MetadataLog open(int id, SimulatedProcess process, MetadataLog.Listener listener) {
        if (leadership.isBy(id)) {
            stepDown(leadership);
        }
        Seat seat = seat(id);
        SimulatedMetadataLog member = new SimulatedMetadataLog(this, seat, process, listener, world.random());
        member.begin();
        seat.member = member;
        return member;
    }

    private Seat seat(int id) {
        return Objects.requireNonNull(seats.get(id));
    }

    Collection<Seat> seats() {
        return seats.values();
    }

    Signal changed() {
        return changed;
    }

    Leadership leadership() {
        return leadership;
    }

    /** How often somebody was elected. */
    public int elections() {
        return elections;
    }

    /** How often somebody else was elected than the time before. */
    int changes() {
        return changes;
    }

    int size() {
        return committed.size();
    }

    Entry entry(int index) {
        return committed.get(index);
    }

    /** All that was committed up to now. */
    List<Entry> since(int index) {
        return committed.subList(index, committed.size());
    }

    private void run() {
        try {
            long lostNanos = 0;
            long patienceMs = patienceMs();
            while (true) {
                world.clock().sleepMs(TICK_MS);
                if (isLed()) {
                    lostNanos = world.clock().nanos();
                    patienceMs = patienceMs();
                    commitPending();
                } else {
                    long lostMs = (world.clock().nanos() - lostNanos) / 1_000_000;
                    if (lostMs > WITHOUT_MAJORITY_MS) {
                        leadership = new Leadership(leadership.epoch(), Leadership.NOBODY);
                    }
                    if (lostMs > patienceMs) {
                        elect();
                    }
                }
                if (seats.values().stream().anyMatch(seat -> seat.member != null && seat.member.isWaiting())) {
                    changed.raise();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long patienceMs() {
        return ELECTION_MS_MIN + random.nextLong(ELECTION_MS_MAX - ELECTION_MS_MIN);
    }

    private boolean isLed() {
        return leadership.leaderId() != Leadership.NOBODY && hasMajority(leadership.leaderId());
    }

    /** Whether a node and more than half of all can speak with each other now. */
    boolean hasMajority(int id) {
        return seat(id).isRunning() && 2 * reached(id).size() > seats.size();
    }

    private List<Seat> reached(int id) {
        return seats.values().stream()
                .filter(seat -> seat.isRunning() && canSpeak(id, seat.id))
                .toList();
    }

    boolean canSpeak(int one, int other) {
        return one == other
                || (!world.network().isCut(host(one), host(other))
                        && !world.network().isCut(host(other), host(one)));
    }

    /** Another leads from now on, although nobody is missing: an election that a loaded machine has caused. */
    public void disturb() {
        elect();
        changed.raise();
    }

    /** Whoever led has found no majority for long. */
    void stepDown(Leadership ended) {
        if (leadership.equals(ended)) {
            leadership = new Leadership(ended.epoch(), Leadership.NOBODY);
        }
    }

    private void elect() {
        List<Seat> candidates = seats.values().stream()
                .filter(seat -> seat.stored == committed.size() && hasMajority(seat.id))
                .toList();
        if (candidates.isEmpty()) {
            return;
        }
        Seat elected = candidates.get(random.nextInt(candidates.size()));
        // What the old leader had begun may have reached the new one, in its order.
        while (!pending.isEmpty() && random.nextBoolean()) {
            commit(pending.removeFirst(), elected.id);
        }
        pending.forEach(append -> append.fate = Pending.Fate.LOST);
        pending.clear();
        leadership = new Leadership(leadership.epoch() + 1 + random.nextInt(2), elected.id);
        elections++;
        if (lastLeader != elected.id && lastLeader != Leadership.NOBODY) {
            changes++;
        }
        lastLeader = elected.id;
    }

    /** Begins an append of somebody who believes to lead. */
    Pending begin(int id, int epoch, long timeMs, List<ByteBuffer> records) {
        Pending append = new Pending(epoch, timeMs, records);
        if (leadership.epoch() == epoch && (leadership.isBy(id) || leadership.leaderId() == Leadership.NOBODY)) {
            pending.add(append);
        } else {
            append.fate = Pending.Fate.LOST;
        }
        return append;
    }

    /** What was begun is committed, as soon as a majority has it. */
    void commitPending() {
        if (isLed() && !pending.isEmpty()) {
            while (!pending.isEmpty()) {
                commit(pending.removeFirst(), leadership.leaderId());
            }
            changed.raise();
        }
    }

    private void commit(Pending append, int leader) {
        Entry last = committed.isEmpty() ? null : committed.getLast();
        long bytes = append.records.stream().mapToLong(ByteBuffer::remaining).sum();
        committed.add(new Entry(
                last == null ? 0 : last.endOffset(),
                append.epoch,
                append.timeMs,
                append.records,
                (last == null ? 0 : last.totalBytes) + bytes));
        append.fate = Pending.Fate.COMMITTED;
        append.entry = committed.size();
        reached(leader).forEach(seat -> seat.stored = committed.size());
    }
}
