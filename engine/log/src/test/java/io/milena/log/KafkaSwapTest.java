package io.milena.log;

import static io.milena.log.CompactionFixture.BY_HAND;
import static io.milena.log.CompactionFixture.SETTINGS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Directories of an Apache Kafka that was killed while it exchanged compacted segments, and logs that end in a hole. */
class KafkaSwapTest {
    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Path folder = data.resolve("orders-0");
    private final Map<String, String> model = new TreeMap<>();

    private LogDirectory open() throws IOException {
        return LogFixture.open(data, BY_HAND, SETTINGS, clock);
    }

    @Test
    void whatKafkaHasBegunIsFinished() throws Exception {
        for (int gone = 0; gone <= 3; gone++) {
            // Given a log whose first three segments were written anew as one, and some of the old files deleted
            Trash.deleteRecursively(data);
            model.clear();
            try (LogDirectory directory = open()) {
                CompactionFixture.fill(LogFixture.create(directory, SETTINGS), model, 50, 40, clock.millis());
            }
            List<Long> bases = LogFixture.segments(folder);
            assertTrue(bases.size() > 4);
            ByteArrayOutputStream merged = new ByteArrayOutputStream();
            for (long base : bases.subList(0, 3)) {
                merged.write(Files.readAllBytes(file(base, ".log")));
            }
            Files.write(file(0, ".log.swap"), merged.toByteArray());
            Files.write(file(0, ".index.swap"), new byte[0]);
            for (long base : bases.subList(0, gone)) {
                for (String ending : List.of(".log", ".index", ".timeindex")) {
                    Files.move(file(base, ending), file(base, ending + ".deleted"));
                }
            }
            // When
            for (int start = 0; start < 2; start++) {
                try (LogDirectory directory = open()) {
                    // Then
                    Log log = LogFixture.existing(directory);
                    List<Long> all = new ArrayList<>();
                    for (long offset = 0; offset < 50; offset++) {
                        all.add(offset);
                    }
                    assertEquals(all, CompactionFixture.offsets(log));
                    assertEquals(model, CompactionFixture.latest(log));
                    assertEquals(
                            clock.millis(),
                            log.offsetForTimestamp(clock.millis()).orElseThrow().timestampMs());
                }
                List<Long> left = new ArrayList<>(bases);
                left.subList(1, 3).clear();
                assertEquals(left, LogFixture.segments(folder));
            }
        }
    }

    private Path file(long base, String ending) {
        return folder.resolve(FileNames.ofOffset(base) + ending);
    }

    @Test
    void aLogWhoseLastRecordsWereCompactedAwayIsReadToItsEnd() throws Exception {
        // Given
        try (LogDirectory directory = open()) {
            Log log = LogFixture.create(directory, SETTINGS);
            CompactionFixture.fill(log, model, 12, 12, clock.millis());
        }
        long active = LogFixture.segments(folder).getLast();
        Files.write(file(active, ".log"), new byte[0]);
        Files.write(file(active + 100, ".log"), new byte[0]);
        // When
        try (LogDirectory directory = open()) {
            Log log = LogFixture.existing(directory);
            // Then
            assertEquals(active + 100, log.logEndOffset());
            assertEquals(active, CompactionFixture.offsets(log).size());
        }
    }
}
