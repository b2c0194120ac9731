package io.milena.quorum;

import static io.milena.quorum.RecordingListener.records;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.DiskFaults;
import io.milena.testkit.HandClock;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Power is lost before every operation of the disk while a single node becomes the first of a quorum. */
class MigrationCrashTest {
    private static final String CLUSTER = QuorumOfThree.CLUSTER;

    @Test
    void everyMomentLeavesTheOldLogOrTheNewOne() {
        Seeds.each(MigrationCrashTest.class, 20, seed -> {
            try {
                boolean[] seen = new boolean[2];
                int operations = 0;
                while (crashAfter(operations, new Random(seed * 1_000 + operations), seen)) {
                    operations++;
                }
                assertTrue(operations > 10, "the migration had " + operations + " operations");
                assertTrue(seen[0] && seen[1], "both ends were seen");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Whether there was a crash. */
    private static boolean crashAfter(int operations, Random random, boolean[] seen) throws IOException {
        HandClock clock = new HandClock();
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Path data = disk.root().resolve("data");
        Files.createDirectory(data);
        ForcedFile.forceDirectory(disk.root());
        try (LocalMetadataLog log = LocalMetadataLog.open(data, clock, record -> {})) {
            log.append(records("a", "b"));
            log.snapshot(records("ab"));
            log.append(records("c"));
        }
        int[] left = {operations};
        disk.faults((operation, path) -> {
            if (left[0]-- <= 0) {
                throw DiskFaults.inputOutputError(path);
            }
        });
        boolean isCrash = false;
        try {
            migrate(data, clock);
        } catch (IOException powerIsGone) {
            isCrash = true;
        }
        disk.faults(DiskFaults.none());
        disk.crash(random);
        boolean isNew = Files.exists(folder(data).root());
        assertTrue(isNew || isCrash, "a migration that has ended is there");
        seen[isNew ? 1 : 0] = true;
        if (!isNew) {
            List<String> read = new ArrayList<>();
            LocalMetadataLog.open(
                            data, clock, record -> read.add(UTF_8.decode(record).toString()))
                    .close();
            assertEquals(List.of("ab", "c"), read);
            migrate(data, clock);
        }
        checkMigrated(data);
        return isCrash;
    }

    private static void migrate(Path data, HandClock clock) throws IOException {
        RatisMetadataLog.migrate(data, CLUSTER, clock);
    }

    private static QuorumFolder folder(Path data) throws IOException {
        return QuorumFolder.of(data, CLUSTER);
    }

    private static void checkMigrated(Path data) throws IOException {
        QuorumFolder folder = folder(data);
        folder.prepare();
        RatisSnapshots.Name name = new RatisSnapshots.Name(3, 1, 3);
        try (Stream<Path> files = Files.list(folder.snapshots())) {
            assertEquals(
                    List.of(name.fileName()),
                    files.map(file -> file.getFileName().toString()).toList());
        }
        List<String> read = Snapshot.read(folder.snapshots().resolve(name.fileName())).stream()
                .map(record -> UTF_8.decode(record).toString())
                .toList();
        assertEquals(List.of("ab", "c"), read);
        assertTrue(Files.readString(folder.termAndVote(folder.root())).contains("term=1"));
        assertTrue(folder.local().logs().isEmpty());
        assertFalse(Files.exists(folder.local().unfinishedQuorum()));
    }
}
