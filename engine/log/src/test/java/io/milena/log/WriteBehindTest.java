package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Durability;
import io.milena.log.disk.PageCache;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the journal has is written out to the logs' own files in pieces, before anybody forces them. */
class WriteBehindTest {
    private static final int PIECE = WriteBehind.PIECE_BYTES;
    private static final LogSettings SETTINGS = LogFixture.small(1 << 20, 4096, Durability.FORCED);

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Pages pages = new Pages();
    private final WriteBehind behind = new WriteBehind(Optional.of(pages));
    private LogDirectory directory;
    private Log log;
    private Segment segment;

    private record Written(Path file, long from, long to) {}

    private static final class Pages implements PageCache {
        final List<Written> written = new ArrayList<>();
        boolean isBroken;

        @Override
        public boolean canTell() {
            return false;
        }

        @Override
        public View open(Path file) {
            return new View() {
                @Override
                public boolean holds(long from, long to) {
                    return false;
                }

                @Override
                public boolean bring(long from, long to) {
                    throw new AssertionError("there is nothing to be brought");
                }

                @Override
                public void writeOut(long from, long to) throws IOException {
                    if (isBroken) {
                        throw DiskFaults.inputOutputError(file);
                    }
                    written.add(new Written(file, from, to));
                }

                @Override
                public void close() {}
            };
        }
    }

    @BeforeEach
    void open() throws IOException {
        directory = LogFixture.open(
                disk.root().resolve("data"), new LogDirectory.Settings(1000, 1000, 16), SETTINGS, clock);
        log = LogFixture.create(directory, SETTINGS);
        LogFixture.appended(log.append(LogFixture.batch(clock.millis(), "x"), 3));
        segment = log.movable().parts().getFirst().segment();
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void journaled(int position) {
        behind.journaled(segment, log.health(), position);
    }

    /** All pieces, from where to where. */
    private List<List<Long>> pieces() {
        while (behind.take()) {
            behind.writePiece();
        }
        return pages.written.stream()
                .map(piece -> List.of(piece.from, piece.to))
                .toList();
    }

    @Test
    void piecesAreLargeAndFollowEachOther() {
        journaled(PIECE - 1);
        assertFalse(behind.hasWork());
        journaled(PIECE + 1);
        journaled(2 * PIECE - 1);
        journaled(3 * PIECE);
        assertEquals(List.of(List.of(0L, (long) PIECE), List.of((long) PIECE, 3L * PIECE)), pieces());
        assertEquals(segment.file(".log"), pages.written.getFirst().file);
    }

    @Test
    void whatWasTakenAwayAndCameAgainIsWrittenAgain() {
        journaled(3 * PIECE);
        journaled(PIECE);
        journaled(2 * PIECE);
        assertEquals(List.of(List.of(0L, 3L * PIECE), List.of((long) PIECE, 2L * PIECE)), pieces());
    }

    @Test
    void onePieceAtATimeIsOnItsWay() {
        journaled(PIECE);
        journaled(2 * PIECE);
        assertTrue(behind.take());
        assertFalse(behind.take());
        assertFalse(behind.hasWork());
        behind.writePiece();
        assertTrue(behind.hasWork());
        assertEquals(2, pieces().size());
    }

    @Test
    void whereFilesCanOnlyBeForcedThereAreNone() {
        WriteBehind none = new WriteBehind(Optional.empty());
        none.journaled(segment, log.health(), PIECE);
        assertFalse(none.hasWork());
    }

    /** The kernel tells of an error once, and a force of the file may be none the wiser. */
    @Test
    void aPieceThatIsNotWrittenTakesTheDirectoryOffline() {
        pages.isBroken = true;
        journaled(PIECE);
        assertEquals(List.of(), pieces());
        assertTrue(directory.isOffline());
        assertFalse(behind.hasWork());
    }
}
