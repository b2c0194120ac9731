package io.milena.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metadata log on a disk without space: nothing is half done, and it goes on when there is some. */
class FullDiskTest {
    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final List<String> read = new ArrayList<>();
    private final List<String> acknowledged = new ArrayList<>();

    @BeforeEach
    void createDataDirectory() throws IOException {
        Files.createDirectory(data);
        ForcedFile.forceDirectory(disk.root());
    }

    private LocalMetadataLog open() throws IOException {
        read.clear();
        return LocalMetadataLog.open(
                data, clock, record -> read.add(UTF_8.decode(record.duplicate()).toString()));
    }

    private void append(LocalMetadataLog log) throws IOException {
        String text = acknowledged.size() + "x".repeat(700);
        log.append(List.of(ByteBuffer.wrap(text.getBytes(UTF_8))));
        acknowledged.add(text);
    }

    private IOException fill(LocalMetadataLog log) {
        return assertThrows(IOException.class, () -> {
            while (true) {
                append(log);
            }
        });
    }

    @Test
    void anAppendThatFindsNoSpaceLeavesNothingAndTheNextOneMayFindSome() throws IOException {
        try (LocalMetadataLog log = open()) {
            append(log);
            disk.capacityBytes(disk.usedBytes() + 4096);
            // When
            assertEquals(
                    "No space left on device",
                    assertInstanceOf(NotAppendedException.class, fill(log)).getMessage());
            assertEquals(acknowledged.size(), log.endOffset());
            fill(log);
            disk.capacityBytes(Long.MAX_VALUE);
            append(log);
        }
        // Then
        disk.crashKeepingOnlyForced();
        try (LocalMetadataLog log = open()) {
            assertEquals(acknowledged, read);
            append(log);
        }
    }

    @Test
    void aPowerCutAfterAFailedAppendFindsWhatWasAcknowledged() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            SimulatedFileSystem crashed;
            try (LocalMetadataLog log = open()) {
                disk.capacityBytes(disk.usedBytes() + seed * 300L);
                fill(log);
                crashed = disk.copy();
                disk.capacityBytes(Long.MAX_VALUE);
            }
            crashed.crash(new java.util.Random(seed));
            List<String> left = new ArrayList<>();
            LocalMetadataLog.open(
                            crashed.root().resolve("data"),
                            clock,
                            record -> left.add(UTF_8.decode(record.duplicate()).toString()))
                    .close();
            assertEquals(acknowledged, left, "seed " + seed);
        }
    }

    @Test
    void aSnapshotThatFindsNoSpaceChangesNothing() throws IOException {
        List<ByteBuffer> everything = List.of(ByteBuffer.wrap("everything".getBytes(UTF_8)));
        try (LocalMetadataLog log = open()) {
            append(log);
            disk.capacityBytes(disk.usedBytes());
            assertThrows(IOException.class, () -> log.snapshot(everything));
            disk.capacityBytes(disk.usedBytes() + 4096);
            assertThrows(IOException.class, () -> log.snapshot(everything));
            append(log);
            disk.capacityBytes(Long.MAX_VALUE);
        }
        disk.crashKeepingOnlyForced();
        try (LocalMetadataLog log = open()) {
            assertEquals(acknowledged, read);
            log.snapshot(everything);
        }
        try (LocalMetadataLog log = open()) {
            assertEquals(List.of("everything"), read);
            assertEquals(acknowledged.size(), log.endOffset());
        }
    }

    @Test
    void whatCannotBeCutBackBreaksTheLog() throws IOException {
        try (LocalMetadataLog log = open()) {
            append(log);
            disk.capacityBytes(disk.usedBytes() + 4096);
            disk.faults(DiskFaults.failing(DiskOperation.TRUNCATE, path -> true, 0, 1));
            fill(log);
            disk.capacityBytes(Long.MAX_VALUE);
            assertThrows(IOException.class, () -> append(log));
        }
        open().close();
        assertEquals(acknowledged, read);
    }
}
