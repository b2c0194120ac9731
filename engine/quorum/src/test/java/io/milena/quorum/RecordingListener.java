package io.milena.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Keeps what it hears, and notes whatever is out of order. What it was given it keeps without a copy. */
final class RecordingListener implements MetadataLog.Listener {
    /** Generous: nobody is to be slow, but the machine may be. */
    private static final long PATIENCE_MS = 120_000;

    private final Signal changed = new Signal();
    private final List<String> heard = new ArrayList<>();
    private final List<ByteBuffer> kept = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<Leadership> leaderships = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private long endOffset;
    private int epoch;
    private int snapshots;

    static List<ByteBuffer> records(String... texts) {
        return Stream.of(texts)
                .map(text -> ByteBuffer.wrap(text.getBytes(UTF_8)))
                .toList();
    }

    @Override
    public void snapshot(long end, int ofEpoch, List<ByteBuffer> records) {
        synchronized (this) {
            complainIf(end < endOffset, "a snapshot up to " + end + " after " + endOffset);
            heard.clear();
            records.forEach(record -> heard.add(UTF_8.decode(record.duplicate()).toString()));
            endOffset = end;
            epoch = ofEpoch;
            snapshots++;
        }
        changed.raise();
    }

    @Override
    public void committed(long baseOffset, int ofEpoch, long timeMs, List<ByteBuffer> records) {
        synchronized (this) {
            complainIf(baseOffset != endOffset, "offset " + baseOffset + " after " + endOffset);
            complainIf(ofEpoch < epoch, "epoch " + ofEpoch + " after " + epoch);
            times.add(timeMs);
            // Not a copy: they are the listener's own.
            records.forEach(record -> kept.add(record));
            records.forEach(record -> heard.add(UTF_8.decode(record.duplicate()).toString()));
            endOffset += records.size();
            epoch = ofEpoch;
        }
        changed.raise();
    }

    @Override
    public void leadership(Leadership next) {
        synchronized (this) {
            complainIf(
                    !leaderships.isEmpty()
                            && next.epoch() < leaderships.getLast().epoch(),
                    next + " after " + leaderships);
            leaderships.add(next);
        }
        changed.raise();
    }

    private void complainIf(boolean isWrong, String complaint) {
        if (isWrong) {
            complaints.add(complaint);
        }
    }

    /** The text of what was kept must not have changed since. */
    synchronized List<String> complaints() {
        List<String> now = kept.stream()
                .map(record -> UTF_8.decode(record.duplicate()).toString())
                .toList();
        if (!heard.containsAll(now) && snapshots == 0) {
            complaints.add("records have changed after they were heard: " + now);
        }
        return List.copyOf(complaints);
    }

    synchronized List<String> heard() {
        return List.copyOf(heard);
    }

    synchronized long endOffset() {
        return endOffset;
    }

    /** When each append was made that was heard of by itself. */
    synchronized List<Long> times() {
        return List.copyOf(times);
    }

    synchronized int snapshots() {
        return snapshots;
    }

    synchronized Leadership leadership() {
        return leaderships.isEmpty() ? new Leadership(0, Leadership.NOBODY) : leaderships.getLast();
    }

    void awaitHeard(List<String> texts) throws InterruptedException {
        await(() -> heard().equals(texts), "hearing " + texts.size() + " records");
    }

    void awaitOffset(long offset) throws InterruptedException {
        await(() -> endOffset() >= offset, "hearing offset " + offset);
    }

    /** For what nobody signals. */
    static void awaitPolling(BooleanSupplier condition, String what) throws InterruptedException {
        Deadline limit = Deadline.afterMs(Clock.system(), PATIENCE_MS);
        Signal never = new Signal();
        while (!condition.getAsBoolean()) {
            assertTrue(!limit.isPast(), () -> "waited in vain for " + what);
            never.await(() -> false, Deadline.afterMs(Clock.system(), 5));
        }
    }

    void await(BooleanSupplier condition, String what) throws InterruptedException {
        boolean happened = changed.await(condition, Deadline.afterMs(Clock.system(), PATIENCE_MS));
        assertTrue(
                happened,
                () -> "waited in vain for " + what + "; heard " + heard().size() + " up to " + endOffset() + ", "
                        + leadership());
    }
}
