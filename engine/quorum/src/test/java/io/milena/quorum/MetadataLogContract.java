package io.milena.quorum;

import static io.milena.quorum.RecordingListener.records;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every metadata log does, in a node that leads. */
interface MetadataLogContract {
    int NODE = 1;
    long HOUR_MS = 3_600_000;

    /** A new, empty log, opened and leading; the listener has heard so. */
    MetadataLog openLeading(RecordingListener listener) throws Exception;

    @Test
    default void theListenerHasHeardOfAnAppendWhenItReturns() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            assertEquals(1, log.append(records("a", "b"), log.epoch()));
            assertEquals(List.of("a", "b"), listener.heard());
            assertEquals(2, log.append(records("c")));
            assertEquals(List.of("a", "b", "c"), listener.heard());
            assertEquals(3, log.endOffset());
        }
        assertEquals(List.of(), listener.complaints());
    }

    /** By the clock of the log. */
    default long nowMs() {
        return System.currentTimeMillis();
    }

    @Test
    default void theListenerHearsWhenAnAppendWasMade() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            log.append(records("a", "b"));
            log.append(records("c"));
            assertEquals(2, listener.times().size());
            for (long timeMs : listener.times()) { // the machine's clock may be set meanwhile
                assertTrue(Math.abs(nowMs() - timeMs) < HOUR_MS, () -> timeMs + " at " + nowMs());
            }
        }
    }

    @Test
    default void itSaysWhoLeads() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            assertTrue(log.leadership().isBy(NODE));
            assertFalse(log.leadership().isBy(NODE + 1));
            assertTrue(log.epoch() >= 1);
            assertEquals(log.leadership(), listener.leadership());
            Quorum quorum = log.quorum();
            assertEquals(log.leadership(), quorum.leadership());
            assertEquals(1, quorum.voters().size());
            assertEquals(NODE, quorum.voters().getFirst().peer().id());
            assertEquals(log.endOffset(), quorum.voters().getFirst().endOffset());
            assertEquals(log.endOffset(), quorum.highWatermark());
            assertEquals(List.of(), quorum.observers());
        }
    }

    @Test
    default void anAppendOfAnotherEpochIsRefused() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            log.append(records("a"));
            assertThrows(NotLeadingException.class, () -> log.append(records("old"), log.epoch() - 1));
            assertThrows(NotLeadingException.class, () -> log.append(records("new"), log.epoch() + 1));
            log.append(records("b"));
            assertEquals(2, log.endOffset());
            assertEquals(List.of("a", "b"), listener.heard());
        }
    }

    @Test
    default void aSnapshotTakesTheBytesAndNoOffsets() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            assertEquals(0, log.bytesSinceSnapshot());
            log.snapshot(records());
            log.append(records("a", "b"));
            assertTrue(log.bytesSinceSnapshot() > 0);
            log.snapshot(records("ab"));
            assertEquals(0, log.bytesSinceSnapshot());
            log.snapshot(2, records("ab"));
            assertEquals(2, log.append(records("c")));
            assertTrue(log.bytesSinceSnapshot() > 0);
            assertEquals(List.of("a", "b", "c"), listener.heard());
        }
    }

    @Test
    default void whatTheCallerDoesWithItsBuffersLaterIsItsOwnAffair() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            List<ByteBuffer> mine = records("a");
            log.append(mine);
            mine.getFirst().put(0, (byte) 'x');
            assertEquals(List.of("a"), listener.heard());
        }
    }
}
