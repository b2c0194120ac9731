package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.LogSettings.Compacting;
import io.milena.log.LogSettings.Durability;
import io.milena.log.kafka.KafkaStory;
import io.milena.log.kafka.KafkaStory.Compacted;
import io.milena.records.Compression;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own cleaner and ours, on the same files: what is left must be the same, segment by segment and batch by batch. */
class KafkaCompactionTest {
    @TempDir
    Path folder;

    @Test
    void theSameSegmentsBatchesAndRecordsAreLeft() {
        AtomicInteger compared = new AtomicInteger();
        LogFixture.each(KafkaCompactionTest.class, 25, seed -> {
            try (KafkaStory kafka = new KafkaStory(folder.resolve("t-" + seed), seed)) {
                for (int round = 0; round < 4; round++) {
                    Compacted compacted = kafka.next().orElse(null);
                    if (compacted != null) {
                        assertIterableEquals(
                                story(compacted.after()),
                                story(compactedByUs(compacted)),
                                () -> "compaction of " + compacted.cleaned());
                        compared.incrementAndGet();
                    }
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(compared.get() > 0, "nothing was compacted");
        System.out.println("KafkaCompactionTest: " + compared + " compactions compared");
    }

    private static Map<String, byte[]> compactedByUs(Compacted compacted) throws IOException, InterruptedException {
        HandClock clock = new HandClock();
        SimulatedFileSystem disk = SimulatedFileSystem.create(clock);
        Path data = disk.root().resolve("data");
        Path partition = Files.createDirectories(data.resolve("t-0"));
        for (Map.Entry<String, byte[]> file : compacted.before().entrySet()) {
            Files.write(partition.resolve(file.getKey()), file.getValue());
        }
        Files.writeString(partition.resolve("partition.metadata"), "version: 0\ntopic_id: 4fOqUBXdSoGTF6VIBoTjvQ\n");
        Files.writeString(
                data.resolve("recovery-point-offset-checkpoint"), "0\n1\nt 0 " + compacted.logEndOffset() + "\n");
        Files.writeString(
                data.resolve("cleaner-offset-checkpoint"),
                "0\n1\nt 0 " + compacted.cleaned().firstDirtyOffset() + "\n");
        clock.jumpMs(compacted.nowMs() - clock.millis());
        LogSettings settings = LogFixture.small(
                        compacted.segmentBytes(), KafkaStory.INDEX_INTERVAL_BYTES, Durability.FORCED)
                .with(new Compacting(true, 0, KafkaStory.TOMBSTONES_MS, 0, Long.MAX_VALUE));
        try (LogDirectory directory = LogFixture.open(data, CompactionFixture.BY_HAND, settings, clock)) {
            assertTrue(directory.cleaner().compactDirtiest());
            assertEquals(Map.of(), directory.cleaner().uncleanable());
            assertEquals(
                    compacted.cleaned().cleanedOffset(),
                    Objects.requireNonNull(directory.log("t", 0)).compactable().cleanedOffset());
        }
        Map<String, byte[]> files = new TreeMap<>();
        for (String file : LogFixture.names(partition)) {
            files.put(file, Files.readAllBytes(partition.resolve(file)));
        }
        return files;
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
            } else if (name.endsWith(".txnindex") && bytes.length > 0) {
                story.add(name + " " + HexFormat.of().formatHex(bytes));
            }
        });
        return story;
    }

    /** All that is in the header and the records; with the checksum where nothing is compressed, as codecs may differ from version to version. */
    private static String story(RecordBatch batch) {
        StringBuilder story = new StringBuilder(batch.baseOffset() + ".." + batch.lastOffset() + " epoch "
                + batch.partitionLeaderEpoch() + " attributes " + Integer.toBinaryString(batch.attributes()) + " time "
                + batch.baseTimestampMs() + ".." + batch.maxTimestampMs() + " producer " + batch.producerId() + ":"
                + batch.producerEpoch() + ":" + batch.baseSequence() + " records " + batch.recordCount());
        if (batch.compression() == Compression.NONE) {
            story.append(" checksum ").append(batch.crc());
        }
        for (Record record : batch.records()) {
            story.append("\n  ").append(record.offset()).append(" time ").append(record.timestampMs());
            story.append(' ').append(text(record.key())).append('=').append(text(record.value()));
        }
        return story.toString();
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
