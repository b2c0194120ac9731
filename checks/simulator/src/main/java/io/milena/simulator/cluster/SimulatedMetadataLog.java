package io.milena.simulator.cluster;

import io.milena.quorum.Leadership;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Peer;
import io.milena.quorum.Quorum;
import io.milena.quorum.UncertainAppendException;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.testkit.SimulatedProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one process knows of a {@link SimulatedQuorum}. Its listener hears on one thread of that process, as fast as the network and the seed allow, in the order that {@link MetadataLog.Listener} demands.
 */
final class SimulatedMetadataLog implements MetadataLog {
    private static final long POLL_NANOS = 2_000_000;
    private static final long APPEND_MS_MAX = 4;
    private static final long APPEND_PATIENCE_MS = 3_000;
    private static final long WITHOUT_MAJORITY_MS = 2_000;
    private static final int PORT = 9093;

    private final SimulatedQuorum quorum;
    private final SimulatedQuorum.Seat seat;
    private final SimulatedProcess process;
    private final Clock clock;
    private final Listener listener;
    private final RandomGenerator random;
    private volatile Leadership current = new Leadership(0, Leadership.NOBODY);
    private volatile boolean isClosed;
    /** How many entries the listener has been told of. */
    private volatile int heard;

    private volatile long endOffset;
    /** Of those that the newest snapshot of this process stands for, or that were there when it began. */
    private volatile long snapshotBytes;

    private long majorityNanos;
    /** It gives up the epoch in which it leads as soon as its listener can be told. */
    private volatile boolean hasResigned;

    SimulatedMetadataLog(
            SimulatedQuorum quorum,
            SimulatedQuorum.Seat seat,
            SimulatedProcess process,
            Listener listener,
            RandomGenerator random) {
        this.quorum = quorum;
        this.seat = seat;
        this.process = process;
        this.clock = process.environment().clock();
        this.listener = listener;
        this.random = random;
        this.majorityNanos = clock.nanos();
    }

    /** Hears the newest snapshot, if there is one, before it returns. */
    void begin() {
        SimulatedQuorum.Snapshot snapshot = seat.snapshot;
        if (snapshot != null) {
            install(snapshot);
        }
        process.environment().threads().start("metadata-listener", this::run);
    }

    boolean isRunning() {
        return !isClosed && !process.isDead() && !process.isSuspended();
    }

    /** Whether it must look again now and then, though nobody has done anything: links come and go. */
    boolean isWaiting() {
        return heard < quorum.size()
                || current.epoch() < quorum.leadership().epoch()
                || (current.isBy(seat.id) && !quorum.hasMajority(seat.id));
    }

    private void run() {
        try {
            while (!isClosed) {
                quorum.changed().await(() -> isClosed || hasNews(), Deadline.never());
                if (!leads()) {
                    clock.sleepMs(delayMs());
                }
                hear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Mostly next to nothing; now and then long enough that much happens meanwhile. */
    private long delayMs() {
        return switch (random.nextInt(50)) {
            case 0 -> random.nextLong(700);
            case 1, 2, 3 -> random.nextLong(60);
            default -> random.nextLong(3);
        };
    }

    private boolean leads() {
        return quorum.leadership().isBy(seat.id);
    }

    private boolean hears() {
        int leader = quorum.leadership().leaderId();
        return leader == seat.id
                || (leader != Leadership.NOBODY && isRunning(leader) && quorum.canSpeak(leader, seat.id));
    }

    private boolean isRunning(int id) {
        return quorum.seats().stream().anyMatch(each -> each.id == id && each.isRunning());
    }

    private boolean hasNews() {
        boolean hasMore =
                heard < quorum.size() || current.epoch() < quorum.leadership().epoch();
        return (hears() && hasMore) || mustStepDown();
    }

    /** Who leads and finds no majority for long gives up by itself. */
    private boolean mustStepDown() {
        if (current.isBy(seat.id) && hasResigned) {
            return true;
        }
        if (!current.isBy(seat.id) || quorum.hasMajority(seat.id)) {
            majorityNanos = clock.nanos();
            return false;
        }
        return clock.nanos() - majorityNanos > WITHOUT_MAJORITY_MS * 1_000_000;
    }

    private void hear() {
        if (mustStepDown()) {
            quorum.stepDown(current);
            tell(new Leadership(current.epoch(), Leadership.NOBODY));
        }
        while (!isClosed && hears() && heard < quorum.size()) {
            SimulatedQuorum.Snapshot snapshot = leadersSnapshot();
            if (heard >= seat.stored && snapshot != null && snapshot.entries() > heard) {
                install(snapshot);
            } else {
                hear(heard);
            }
        }
        Leadership next = quorum.leadership();
        boolean isComplete = !next.isBy(seat.id) || heard == quorum.size();
        if (!isClosed && hears() && isComplete && next.epoch() > current.epoch()) {
            tell(next);
        }
    }

    private SimulatedQuorum.@Nullable Snapshot leadersSnapshot() {
        int leader = quorum.leadership().leaderId();
        return quorum.seats().stream()
                .filter(each -> each.id == leader)
                .findFirst()
                .map(each -> each.snapshot)
                .orElse(null);
    }

    private void install(SimulatedQuorum.Snapshot snapshot) {
        seat.snapshot = snapshot;
        seat.stored = Math.max(seat.stored, snapshot.entries());
        snapshotBytes = bytes(snapshot.entries());
        endOffset = snapshot.endOffset();
        listener.snapshot(snapshot.endOffset(), snapshot.epoch(), copies(snapshot.records()));
        heard = snapshot.entries();
        quorum.changed().raise();
    }

    private void hear(int index) {
        SimulatedQuorum.Entry entry = quorum.entry(index);
        endOffset = entry.endOffset();
        listener.committed(entry.baseOffset(), entry.epoch(), entry.timeMs(), copies(entry.records()));
        heard = index + 1;
        seat.stored = Math.max(seat.stored, heard);
        quorum.changed().raise();
    }

    private void tell(Leadership next) {
        hasResigned = false;
        current = next;
        listener.leadership(next);
    }

    private long bytes(int entries) {
        return entries == 0 ? 0 : quorum.entry(entries - 1).totalBytes();
    }

    private static List<ByteBuffer> copies(List<ByteBuffer> records) {
        List<ByteBuffer> copies = new ArrayList<>(records.size());
        for (ByteBuffer record : records) {
            copies.add(ByteBuffer.allocate(record.remaining())
                    .put(record.duplicate())
                    .flip());
        }
        return copies;
    }

    @Override
    public long append(List<ByteBuffer> records, int epoch) throws IOException {
        Leadership now = current;
        if (isClosed || !now.isBy(seat.id) || now.epoch() != epoch) {
            throw new NotLeadingException(epoch, now);
        }
        SimulatedQuorum.Pending append = quorum.begin(seat.id, epoch, clock.millis(), copies(records));
        waitOut(Deadline.afterMs(clock, random.nextLong(APPEND_MS_MAX)));
        quorum.commitPending();
        Deadline patience = Deadline.afterMs(clock, APPEND_PATIENCE_MS);
        while (heard < append.entry()) {
            if (append.isLost() || isClosed || patience.isPast() || !current.equals(now)) {
                throw new UncertainAppendException(
                        new IOException("no majority has confirmed it as long as this node led, or waited"));
            }
            waitOut(Deadline.afterNanos(clock, POLL_NANOS));
        }
        return quorum.entry(append.entry() - 1).endOffset() - 1;
    }

    /** Interrupts do not end it, and are kept. */
    private static void waitOut(Deadline deadline) {
        boolean wasInterrupted = false;
        while (!deadline.isPast()) {
            deadline.park();
            wasInterrupted |= Thread.interrupted();
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public Leadership leadership() {
        return current;
    }

    @Override
    public long bytesSinceSnapshot() {
        return bytes(heard) - snapshotBytes;
    }

    @Override
    public void snapshot(long atOffset, List<ByteBuffer> records) throws IOException {
        int entries = heard;
        while (entries > 0 && quorum.entry(entries - 1).endOffset() > atOffset) {
            entries--;
        }
        if (entries == 0 && atOffset == 0) {
            return;
        }
        if (entries == 0 || quorum.entry(entries - 1).endOffset() != atOffset) {
            throw new IOException("no append ended at offset " + atOffset);
        }
        SimulatedQuorum.Snapshot newest = seat.snapshot;
        if (newest == null || newest.entries() < entries) {
            seat.snapshot = new SimulatedQuorum.Snapshot(
                    atOffset, quorum.entry(entries - 1).epoch(), entries, copies(records));
            snapshotBytes = bytes(entries);
        }
    }

    @Override
    public Quorum quorum() throws IOException {
        Leadership now = current;
        if (!now.isBy(seat.id)) {
            throw new NotLeadingException(now.epoch(), now);
        }
        return new Quorum(
                now, endOffset, quorum.seats().stream().map(this::replica).toList(), List.of());
    }

    @Override
    public void resign(int epoch) {
        quorum.stepDown(new Leadership(epoch, seat.id));
        hasResigned |= current.isBy(seat.id) && current.epoch() == epoch;
        quorum.changed().raise();
    }

    private Quorum.Replica replica(SimulatedQuorum.Seat each) {
        return new Quorum.Replica(
                new Peer(each.id, SimulatedQuorum.host(each.id), PORT),
                each.stored == 0 ? 0 : quorum.entry(each.stored - 1).endOffset(),
                clock.millis(),
                clock.millis());
    }

    @Override
    public void close() {
        isClosed = true;
        quorum.changed().raise();
    }
}
