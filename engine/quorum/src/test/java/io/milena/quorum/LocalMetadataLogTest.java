package io.milena.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalMetadataLogTest implements MetadataLogContract {
    private static final String FIRST_LOG = "00000000000000000000.log";

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Path folder = data.resolve("__cluster_metadata-0");
    private final List<String> read = new ArrayList<>();

    @BeforeEach
    void createDataDirectory() throws IOException {
        Files.createDirectory(data);
        ForcedFile.forceDirectory(disk.root());
    }

    @Override
    public MetadataLog openLeading(RecordingListener listener) throws IOException {
        return LocalMetadataLog.open(data, clock, new Peer(NODE, "localhost", 9093), listener);
    }

    @Override
    public long nowMs() {
        return clock.millis();
    }

    private LocalMetadataLog open() throws IOException {
        read.clear();
        return LocalMetadataLog.open(data, clock, record -> read.add(text(record)));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes.duplicate()).toString();
    }

    private static List<ByteBuffer> records(String... texts) {
        return Stream.of(texts)
                .map(text -> ByteBuffer.wrap(text.getBytes(UTF_8)))
                .toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void isEmptyAtFirst() throws IOException {
        try (LocalMetadataLog log = open()) {
            assertEquals(0, log.endOffset());
            assertEquals(1, log.epoch());
            assertEquals(0, log.bytesSinceSnapshot());
        }
        assertEquals(List.of(FIRST_LOG), files());
    }

    @Test
    void recordsComeBackInOrder() throws IOException {
        try (LocalMetadataLog log = open()) {
            assertEquals(1, log.append(records("a", "b")));
            assertEquals(2, log.append(records("c")));
        }
        try (LocalMetadataLog log = open()) {
            assertEquals(List.of("a", "b", "c"), read);
            assertEquals(3, log.endOffset());
            assertEquals(Files.size(folder.resolve(FIRST_LOG)), log.bytesSinceSnapshot());
            log.append(records("d"));
        }
        open().close();
        assertEquals(List.of("a", "b", "c", "d"), read);
    }

    @Test
    void aListenerHearsTheSnapshotAndWhenWhatFollowsWasAppended() throws IOException {
        long startMs = clock.millis();
        try (LocalMetadataLog log = open()) {
            log.append(records("a", "b"));
            log.snapshot(records("ab"));
            clock.advanceMs(5);
            log.append(records("c"));
        }
        clock.advanceMs(100);
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            assertEquals(List.of("ab", "c"), listener.heard());
            assertEquals(3, listener.endOffset());
            assertEquals(1, listener.snapshots());
            log.append(records("d"));
        }
        assertEquals(List.of(startMs + 5, startMs + 105), listener.times());
        assertEquals(List.of("ab", "c", "d"), listener.heard());
    }

    @Test
    void anAppendIsOneWriteAndOneForce() throws IOException {
        List<DiskOperation> operations = new ArrayList<>();
        try (LocalMetadataLog log = open()) {
            disk.faults((operation, path) -> operations.add(operation));
            log.append(records(Stream.iterate(0, i -> i + 1)
                    .limit(5000)
                    .map(i -> "partition " + i)
                    .toArray(String[]::new)));
            disk.faults(DiskFaults.none());
        }
        assertEquals(List.of(DiskOperation.WRITE, DiskOperation.FORCE), operations);
    }

    @Test
    void aSnapshotReplacesWhatWasBefore() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a", "b", "c"));
            log.snapshot(records("abc"));
            assertEquals(0, log.bytesSinceSnapshot());
            assertEquals(List.of("00000000000000000003-0000000001.checkpoint", "00000000000000000003.log"), files());
            log.append(records("d"));
        }
        try (LocalMetadataLog log = open()) {
            assertEquals(List.of("abc", "d"), read);
            assertEquals(4, log.endOffset());
            log.snapshot(records("abcd"));
        }
        open().close();
        assertEquals(List.of("abcd"), read);
        assertEquals(List.of("00000000000000000004-0000000001.checkpoint", "00000000000000000004.log"), files());
    }

    @Test
    void aLargeSnapshotHasSeveralBatches() throws IOException {
        String large = "x".repeat(600_000);
        try (LocalMetadataLog log = open()) {
            log.append(records("a"));
            log.snapshot(records(large, large, large, "end"));
        }
        open().close();
        assertEquals(List.of(large, large, large, "end"), read);
    }

    @Test
    void aTornEndIsCutWhereverItIsTorn() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a", "b"));
        }
        Path file = folder.resolve(FIRST_LOG);
        int intact = (int) Files.size(file);
        try (LocalMetadataLog log = open()) {
            log.append(records("c", "d"));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int size = intact; size < whole.length; size++) {
            for (boolean isZeroFilled : List.of(false, true)) {
                byte[] torn = new byte[isZeroFilled ? whole.length : size];
                System.arraycopy(whole, 0, torn, 0, size);
                if (Arrays.equals(whole, torn)) {
                    continue; // the last byte is a zero
                }
                Files.write(file, torn);
                try (LocalMetadataLog log = open()) {
                    assertEquals(List.of("a", "b"), read);
                    assertEquals(2, log.endOffset());
                    log.append(records("e"));
                }
                open().close();
                assertEquals(List.of("a", "b", "e"), read);
            }
        }
    }

    @Test
    void damageBeforeIntactRecordsIsAnError() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a"));
        }
        Path file = folder.resolve(FIRST_LOG);
        long second = Files.size(file);
        try (LocalMetadataLog log = open()) {
            log.append(records("b"));
        }
        long third = Files.size(file);
        try (LocalMetadataLog log = open()) {
            log.append(records("c"));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int at = (int) second; at < third; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            boolean isOffsetOrEpoch = at < second + 8 || (at >= second + 12 && at < second + 16);
            if (isOffsetOrEpoch) {
                continue; // outside the checksum: the offset is compared with the one expected, below
            }
            IOException error = assertThrows(IOException.class, this::open);
            assertTrue(error.toString().contains(FIRST_LOG + " is damaged at position " + second), error::toString);
        }
    }

    @Test
    void aGapInTheOffsetsIsAnError() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a"));
            log.append(records("b"));
        }
        Path file = folder.resolve(FIRST_LOG);
        byte[] bytes = Files.readAllBytes(file);
        bytes[7] = 5;
        Files.write(file, bytes);
        IOException error = assertThrows(IOException.class, this::open);
        assertTrue(error.toString().contains("goes on with offset 5 at position 0"), error::toString);
    }

    @Test
    void aDamagedSnapshotIsAnError() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a"));
            log.snapshot(records("a"));
        }
        Path file = folder.resolve("00000000000000000001-0000000001.checkpoint");
        byte[] whole = Files.readAllBytes(file);
        for (int size = 0; size < whole.length; size++) {
            Files.write(file, Arrays.copyOf(whole, size));
            IOException error = assertThrows(IOException.class, this::open);
            assertTrue(error.toString().contains(file.getFileName().toString()), error::toString);
        }
    }

    @Test
    void aMissingSnapshotIsAnError() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a"));
            log.snapshot(records("a"));
        }
        Files.delete(folder.resolve("00000000000000000001-0000000001.checkpoint"));
        IOException error = assertThrows(IOException.class, this::open);
        assertTrue(error.toString().contains("the records from offset 0 to 1 are missing"), error::toString);
    }

    @Test
    void takesNoMoreAfterAFailedForce() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a"));
            disk.faults(DiskFaults.failing(DiskOperation.FORCE, path -> true, 0, 1));
            assertThrows(IOException.class, () -> log.append(records("b")));
            assertThrows(IOException.class, () -> log.append(records("c")));
            assertThrows(IOException.class, () -> log.snapshot(records("ab")));
        }
        disk.crashKeepingOnlyForced();
        open().close();
        assertEquals(List.of("a"), read);
    }

    @Test
    void goesOnWhenASnapshotFindsNoSpace() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a"));
            disk.faults(DiskFaults.failing(
                    DiskOperation.WRITE, path -> path.toString().endsWith(".part"), 0, 1));
            assertThrows(IOException.class, () -> log.snapshot(records("a")));
            log.append(records("b"));
            log.snapshot(records("a", "b"));
            log.append(records("c"));
        }
        open().close();
        assertEquals(List.of("a", "b", "c"), read);
    }

    @Test
    void anInterruptDoesNotStopAnAppend() throws IOException {
        try (LocalMetadataLog log = open()) {
            Thread.currentThread().interrupt();
            log.append(records("a"));
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            // One that comes in the middle closes the channel.
            disk.faults((operation, path) -> {
                if (operation == DiskOperation.FORCE) {
                    disk.faults(DiskFaults.none());
                    Thread.currentThread().interrupt();
                }
            });
            log.append(records("b"));
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            Thread.currentThread().interrupt();
            log.snapshot(records("a", "b"));
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            log.append(records("c"));
        }
        open().close();
        assertEquals(List.of("a", "b", "c"), read);
    }

    @Test
    void anAppendThatTheReaderRefusesIsNamed() throws IOException {
        try (LocalMetadataLog log = open()) {
            log.append(records("a", "b"));
        }
        IOException error = assertThrows(
                IOException.class,
                () -> LocalMetadataLog.open(data, clock, record -> {
                    if (text(record).equals("b")) {
                        throw new IllegalStateException("not this one");
                    }
                }));
        assertTrue(error.toString().contains("offset 0 on cannot be read: not this one"), error::toString);
    }

    @Test
    void readsTheLogOfApacheKafka() throws IOException {
        Files.createDirectories(folder);
        copyResource("00000000000000000000.log", folder.resolve(FIRST_LOG));
        List<ByteBuffer> records = new ArrayList<>();
        try (LocalMetadataLog log = LocalMetadataLog.open(data, clock, records::add)) {
            // Offsets 0 to 2 are control records of the quorum.
            assertEquals(31, log.endOffset());
            assertEquals(28, records.size());
            assertEquals(1, log.epoch());
            log.append(records("more"));
        }
        open().close();
        assertEquals("more", read.getLast());
    }

    @Test
    void readsASnapshotOfApacheKafka() throws IOException {
        Files.createDirectories(folder);
        copyResource("bootstrap.checkpoint", folder.resolve("00000000000000000040-0000000003.checkpoint"));
        try (LocalMetadataLog log = open()) {
            assertEquals(6, read.size());
            assertEquals(40, log.endOffset());
            assertEquals(3, log.epoch());
        }
    }

    private static void copyResource(String name, Path file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(LocalMetadataLogTest.class.getResourceAsStream("/kafka-4.3.1/" + name))) {
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap(in.readAllBytes()));
            }
        }
    }
}
