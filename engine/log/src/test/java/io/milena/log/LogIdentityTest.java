package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a directory's name and its {@code partition.metadata} say. */
class LogIdentityTest {
    private static final UUID ID = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);

    @ParameterizedTest
    @CsvSource({
        "a-0, true",
        "a.b_C-1-12, true",
        "--0, true",
        "__consumer_offsets-999999999, true",
        "a-1234567890, false",
        "a-, false",
        "-0, false",
        "a, false",
        "a-b, false",
        "a-0-stray, false",
        "a b-0, false",
        "ä-0, false",
        "a-٣, false",
        "__cluster_metadata-0, false",
        "__cluster_metadata-1, true"
    })
    void aPartitionHasTheNameOfATopicAndAnIndex(String name, boolean isPartition) {
        assertEquals(isPartition, LogIdentity.isPartition(Path.of("data", name)));
    }

    private static Optional<LogIdentity> reading(String text) throws IOException {
        try (SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock())) {
            Path folder = Files.createDirectory(disk.root().resolve("a-b-3"));
            Files.writeString(folder.resolve("partition.metadata"), text);
            return LogIdentity.read(folder)
                    .map(read -> new LogIdentity(Path.of("a-b-3"), read.topic(), read.partition(), read.topicId()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version: 0\ntopic_id: ASNFZ4mrze_-3LqYdlQyEA",
                "version: 0\ntopic_id: ASNFZ4mrze_-3LqYdlQyEA\n",
                "version: 0\r\ntopic_id: ASNFZ4mrze_-3LqYdlQyEA\r\n",
                "topic_id: ASNFZ4mrze_-3LqYdlQyEA\nversion: 0\n"
            })
    void theTopicIdStandsInALineOfItsOwn(String text) throws IOException {
        assertEquals(Optional.of(new LogIdentity(Path.of("a-b-3"), "a-b", 3, ID)), reading(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version: 0\n",
                "version: 0\ntopic_id: ASNFZ4mrze_-3LqYdlQyE",
                "version: 0\ntopic_id: ASNFZ4mrze_-3LqYdlQyEAA\n",
                "version: 0\ntopic_id: ASNFZ4mrze+/3LqYdlQyEA\n",
                "version: 0\nno topic_id: ASNFZ4mrze_-3LqYdlQyEA\n"
            })
    void anythingElseSaysNothing(String text) throws IOException {
        assertEquals(Optional.empty(), reading(text));
    }

    @Test
    void whatWasCreatedIsRead() throws IOException {
        try (SimulatedFileSystem disk = SimulatedFileSystem.create(new HandClock())) {
            LogIdentity created = LogIdentity.of(disk.root(), "a-b", 3, ID);
            created.create();
            assertEquals(Optional.of(created), LogIdentity.read(created.directory()));
        }
    }
}
