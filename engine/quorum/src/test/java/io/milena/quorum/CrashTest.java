package io.milena.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.DiskFaults;
import io.milena.testkit.HandClock;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Power losses at any disk operation: what was acknowledged is there, in order, and at most the batch that was being appended besides. */
class CrashTest {
    private static final int LIVES = 8;

    @Test
    void acknowledgedRecordsSurvivePowerLosses() {
        Seeds.each(CrashTest.class, 500, seed -> {
            try {
                new Story(seed).run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Several lives of a log on one disk, each ended by a power loss. */
    private static final class Story {
        private final Random random;
        private final HandClock clock = new HandClock();
        private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        private final Path data = disk.root().resolve("data");
        private List<String> acknowledged = List.of();
        private List<String> attempted = List.of();
        private int next;

        Story(long seed) {
            random = new Random(seed);
        }

        void run() throws IOException {
            Files.createDirectory(data);
            ForcedFile.forceDirectory(disk.root());
            for (int life = 0; life < LIVES; life++) {
                int operations = random.nextInt(60);
                int[] left = {operations};
                disk.faults((operation, path) -> {
                    if (left[0]-- <= 0) {
                        throw DiskFaults.inputOutputError(path);
                    }
                });
                try {
                    live();
                } catch (IOException powerIsGone) {
                    assertTrue(left[0] < 0, powerIsGone::toString);
                }
                disk.faults(DiskFaults.none());
                disk.crash(random);
                check();
            }
        }

        private void live() throws IOException {
            List<String> read = new ArrayList<>();
            try (LocalMetadataLog log = LocalMetadataLog.open(data, clock, record -> read.add(text(record)))) {
                adopt(read);
                while (true) {
                    if (random.nextInt(4) == 0) {
                        log.snapshot(bytes(acknowledged));
                    } else {
                        append(log);
                    }
                }
            }
        }

        private void append(LocalMetadataLog log) throws IOException {
            List<String> batch = new ArrayList<>();
            for (int count = random.nextInt(4); count >= 0; count--) {
                batch.add("record " + next++ + "x".repeat(random.nextInt(300)));
            }
            attempted = new ArrayList<>(acknowledged);
            attempted.addAll(batch);
            log.append(bytes(batch));
            acknowledged = attempted;
        }

        private void check() throws IOException {
            List<String> read = new ArrayList<>();
            LocalMetadataLog.open(data, clock, record -> read.add(text(record))).close();
            adopt(read);
        }

        private void adopt(List<String> read) {
            assertTrue(
                    read.equals(acknowledged) || read.equals(attempted),
                    () -> "read " + read + ", acknowledged " + acknowledged + ", attempted " + attempted);
            acknowledged = List.copyOf(read);
            attempted = acknowledged;
        }

        private static List<ByteBuffer> bytes(List<String> texts) {
            return texts.stream()
                    .map(text -> ByteBuffer.wrap(text.getBytes(UTF_8)))
                    .toList();
        }

        private static String text(ByteBuffer bytes) {
            return UTF_8.decode(bytes.duplicate()).toString();
        }
    }
}
