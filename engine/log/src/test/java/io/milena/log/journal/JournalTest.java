package io.milena.log.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written round after round is read again after any crash, as far as it was acknowledged, and in its order. */
class JournalTest {
    private static final UUID TOPIC = new UUID(1, 2);
    private static final int FILE_BYTES = 3 * Round.BLOCK_BYTES;

    private final SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock());
    private final Path directory = disk.root().resolve("data");
    private final Round round = new Round(4 * Round.BLOCK_BYTES);
    private boolean isForced;
    private boolean hasSpace = true;
    private int written;

    @BeforeEach
    void makeTheDirectory() throws IOException {
        Files.createDirectories(directory);
        Journal.forceNames(disk.root());
    }

    private Journal journal(int files) {
        Journal journal = new Journal(directory, new JournalSettings(FILE_BYTES, files, 0), bytes -> hasSpace);
        journal.begin();
        return journal;
    }

    @Test
    void muchOfFewLogsIsLarge() {
        Journal journal = new Journal(directory, new JournalSettings(FILE_BYTES, 1, 0, 1_600), bytes -> hasSpace);
        assertFalse(journal.isLarge(399, 1));
        assertTrue(journal.isLarge(400, 1));
        assertFalse(journal.isLarge(1_599, 2));
        assertTrue(journal.isLarge(1_600, 2));
        assertTrue(journal.isLarge(1_600, 16));
        assertFalse(journal.isLarge(1_699, 17));
        assertTrue(journal.isLarge(1_700, 17));
    }

    private boolean write(Journal journal, String... entries) throws IOException {
        round.clear();
        for (String entry : entries) {
            byte[] bytes = entry.getBytes(StandardCharsets.US_ASCII);
            round.add(TOPIC, 3, JournalEntry.Kind.BATCHES, bytes.length, into -> into.put(bytes));
        }
        return journal.write(round, List.of(new Journal.End(offset -> isForced, ++written)));
    }

    private static List<String> read(Path from) throws IOException {
        List<String> entries = new ArrayList<>();
        new JournalReader(from).forEach(entry -> {
            assertEquals(TOPIC, entry.topicId());
            assertEquals(3, entry.partition());
            entries.add(StandardCharsets.US_ASCII.decode(entry.bytes()).toString());
        });
        return entries;
    }

    @Test
    void everyRoundIsReadInItsOrderAfterAPowerCut() throws Exception {
        // Given
        Journal journal = journal(2);
        // When
        assertTrue(write(journal, "a", "b".repeat(5000)));
        assertTrue(write(journal, "c"));
        assertTrue(write(journal, "d"));
        disk.crashKeepingOnlyForced();
        // Then
        assertEquals(List.of("a", "b".repeat(5000), "c", "d"), read(directory));
    }

    @Test
    void noFileIsMadeWhereSpaceIsShortAndOneWhenThereIsSpaceAgain() throws Exception {
        // Given
        hasSpace = false;
        Journal journal = journal(1);
        assertFalse(journal.isOpen());
        // When it is asked for, force after force
        journal.noteForces(1);
        journal.prepare();
        assertFalse(journal.isOpen());
        assertEquals(List.of(), names());
        hasSpace = true;
        for (int force = 2; !journal.wantsFile(); force++) {
            journal.noteForces(force);
        }
        journal.prepare();
        // Then
        assertTrue(write(journal, "a"));
        assertEquals(List.of(Journal.FILE + 0), names());
    }

    /** Or the other threads would try to make it again and again meanwhile. */
    @Test
    void whileAFileIsMadeNoOtherIsWanted() {
        // Given
        Journal journal = new Journal(directory, new JournalSettings(FILE_BYTES, 2, 1), bytes -> hasSpace);
        AtomicBoolean isWanted = new AtomicBoolean();
        disk.faults((operation, path) -> {
            journal.noteForces(1);
            isWanted.compareAndSet(false, journal.wantsFile());
        });
        // When
        journal.noteForces(1);
        assertTrue(journal.wantsFile());
        journal.prepare();
        // Then
        assertTrue(journal.isOpen());
        assertFalse(isWanted.get());
        assertTrue(journal.wantsFile());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aRoundThatIsTornAnywhereIsNotThere() throws Exception {
        // Given
        Journal journal = journal(1);
        write(journal, "first");
        write(journal, "second");
        byte[] whole = Files.readAllBytes(directory.resolve(Journal.FILE + 0));
        int end = Round.BLOCK_BYTES + Round.HEADER_BYTES + Round.ENTRY_HEADER_BYTES + "second".length();
        for (int at = Round.BLOCK_BYTES; at < end; at++) {
            // When
            byte[] torn = whole.clone();
            Arrays.fill(torn, at, end, (byte) 0);
            Files.write(directory.resolve(Journal.FILE + 0), torn);
            // Then
            assertEquals(List.of("first"), read(directory), "torn at " + at);
        }
    }

    @Test
    void aFileIsUsedAgainWhenTheLogsHaveWhatItHas() throws Exception {
        // Given
        Journal journal = journal(2);
        for (String entry : List.of("1", "2", "3", "4", "5", "6")) {
            assertTrue(write(journal, entry));
        }
        // When
        assertFalse(write(journal, "7"));
        isForced = true;
        assertTrue(write(journal, "8"));
        // Then
        assertEquals(List.of("4", "5", "6", "8"), read(directory));
    }

    @Test
    void theOnlyFileIsUsedAgainToo() throws Exception {
        // Given
        Journal journal = journal(1);
        for (String entry : List.of("1", "2", "3")) {
            assertTrue(write(journal, entry));
        }
        // When
        assertFalse(write(journal, "4"));
        isForced = true;
        assertTrue(write(journal, "5"));
        // Then
        assertEquals(List.of("5"), read(directory));
    }

    @Test
    void aRoundThatIsLargerThanAFileFindsNoRoom() throws Exception {
        // Given
        Journal journal = journal(2);
        // When / Then
        assertFalse(write(journal, "x".repeat(FILE_BYTES)));
        assertTrue(write(journal, "y"));
        assertEquals(List.of("y"), read(directory));
    }

    @Test
    void aRoundThatCannotBeForcedIsAnError() throws Exception {
        // Given
        Journal journal = journal(1);
        write(journal, "first");
        // When
        disk.faults(DiskFaults.failing(DiskOperation.FORCE, path -> true, 0, 1));
        // Then
        assertThrows(IOException.class, () -> write(journal, "second"));
    }

    @Test
    void whereThereIsNoSpaceForAFileThereIsNoJournal() throws Exception {
        // Given
        disk.faults(DiskFaults.failing(DiskOperation.WRITE, path -> true, 0, 1));
        // When
        Journal journal = journal(2);
        // Then
        assertFalse(journal.isOpen());
        assertFalse(new JournalReader(directory).isThere());
    }

    @Test
    void aFileWhoseNameMayBeLostIsNotUsed() throws Exception {
        // Given
        disk.faults(DiskFaults.failing(DiskOperation.FORCE, directory::equals, 1, 1));
        Journal journal = journal(2);
        disk.faults(DiskFaults.none());
        // When
        for (String entry : List.of("1", "2", "3")) {
            assertTrue(write(journal, entry));
        }
        // Then
        assertFalse(write(journal, "4"));
        disk.crashKeepingOnlyForced();
        assertEquals(List.of("1", "2", "3"), read(directory));
    }

    @Test
    void whenItIsClosedNothingIsWritten() throws Exception {
        // Given
        Journal journal = journal(1);
        write(journal, "1");
        // When
        journal.close();
        // Then
        assertFalse(write(journal, "2"));
        assertEquals(List.of("1"), read(directory));
    }

    @Test
    void bytesThatAreNoJournalAreNotRead() throws Exception {
        // Given
        Journal journal = journal(1);
        write(journal, "first");
        // When
        try (FileChannel channel = FileChannel.open(directory.resolve(Journal.FILE + 0), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4).putInt(0, Integer.MAX_VALUE), 24); // the length
        }
        // Then
        assertEquals(List.of(), read(directory));
    }

    @Test
    void afterTheLastUseNothingIsLeft() throws Exception {
        // Given
        Journal journal = journal(2);
        write(journal, "first");
        // When
        journal.delete();
        disk.crashKeepingOnlyForced();
        // Then
        assertFalse(new JournalReader(directory).isThere());
    }
}
