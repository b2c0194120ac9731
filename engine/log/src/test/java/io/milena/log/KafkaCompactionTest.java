package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Compacting;
import io.milena.log.LogSettings.Durability;
import io.milena.records.Compression;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our compaction of partitions that Apache Kafka has compacted too; {@code kafka-compaction/README.md} says where they come from. */
class KafkaCompactionTest {
    private static final long TOMBSTONES_MS = 5000;

    private final HandClock clock = new HandClock();
    private final SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
    private final Path data = disk.root().resolve("data");
    private final Properties told = new Properties();

    private static Map<String, byte[]> unzip(String name) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(
                        KafkaCompactionTest.class.getResourceAsStream("/kafka-compaction/" + name + ".zip"));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private long told(String name) {
        return Long.parseLong(told.getProperty(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain-1", "plain-2", "plain-3", "plain-4", "tx-1", "tx-2", "tx-3", "tx-4", "tx-5", "tx-6", "open-1",
                "open-2", "open-3", "open-4"
            })
    void theSameSegmentsBatchesAndRecordsAreLeft(String name) throws Exception {
        // Given
        Map<String, byte[]> files = unzip(name);
        told.load(new ByteArrayInputStream(Objects.requireNonNull(files.get("meta.properties"))));
        Path folder = Files.createDirectories(data.resolve("t-0"));
        Map<String, byte[]> expected = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String plain = file.getKey().substring(file.getKey().indexOf('/') + 1);
            if (file.getKey().startsWith("before/")) {
                Files.write(folder.resolve(plain), file.getValue());
            } else if (file.getKey().startsWith("after/")) {
                expected.put(plain, file.getValue());
            }
        }
        Files.writeString(data.resolve("recovery-point-offset-checkpoint"), "0\n1\nt 0 " + told("logEndOffset") + "\n");
        Files.writeString(data.resolve("cleaner-offset-checkpoint"), "0\n1\nt 0 " + told("dirtyOffset") + "\n");
        clock.jumpMs(told("nowMs") - clock.millis());
        LogSettings settings = LogFixture.small((int) told("segmentBytes"), 200, Durability.FORCED)
                .with(new Compacting(true, 0, TOMBSTONES_MS, 0, Long.MAX_VALUE));
        try (LogDirectory directory = LogFixture.open(data, CompactionFixture.BY_HAND, settings, clock)) {
            // When
            assertTrue(directory.cleaner().compactDirtiest());
            // Then
            assertEquals(Map.of(), directory.cleaner().uncleanable());
            assertEquals(
                    told("cleanedOffset"),
                    Objects.requireNonNull(directory.log("t", 0)).compactable().cleanedOffset());
        }
        Map<String, byte[]> actual = new TreeMap<>();
        for (String file : LogFixture.names(folder)) {
            if (file.endsWith(".log") || file.endsWith(".txnindex")) {
                actual.put(file, Files.readAllBytes(folder.resolve(file)));
            }
        }
        assertEquals(story(expected), story(actual));
    }

    /** What files say, a line for each batch; a transaction index without entries is none. */
    private static List<String> story(Map<String, byte[]> files) {
        List<String> story = new ArrayList<>();
        files.forEach((name, bytes) -> {
            if (name.endsWith(".log")) {
                story.add(name);
                for (RecordBatch batch : RecordBatches.of(ByteBuffer.wrap(bytes))) {
                    assertTrue(batch.isIntact());
                    story.add(story(batch));
                }
            } else if (bytes.length > 0) {
                story.add(name + " " + HexFormat.of().formatHex(bytes));
            }
        });
        return story;
    }

    /** Bytes where nothing is compressed; elsewhere all that is in the header and the records, because codecs may differ from version to version. */
    private static String story(RecordBatch batch) {
        if (batch.compression() == Compression.NONE) {
            return hex(batch.buffer());
        }
        StringBuilder story = new StringBuilder()
                .append(List.of(
                        batch.baseOffset(),
                        batch.lastOffsetDelta(),
                        batch.partitionLeaderEpoch(),
                        batch.attributes(),
                        batch.baseTimestampMs(),
                        batch.maxTimestampMs(),
                        batch.producerId(),
                        batch.producerEpoch(),
                        batch.baseSequence(),
                        batch.recordCount()));
        for (Record record : batch.records()) {
            ByteBuffer key = record.key();
            ByteBuffer value = record.value();
            story.append(" [" + record.offset() + " " + record.timestampMs() + " " + (key == null ? "-" : hex(key))
                    + " " + (value == null ? "-" : hex(value)) + " " + record.headers() + "]");
        }
        return story.toString();
    }

    private static String hex(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        return HexFormat.of().formatHex(all);
    }
}
