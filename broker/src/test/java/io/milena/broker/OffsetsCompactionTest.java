package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The offsets of groups, whose topic is compacted while they are committed. */
class OffsetsCompactionTest {
    /** Every segment is sealed and compacted at once. */
    private static final Map<String, String> EAGER =
            Map.of("log.cleaner.backoff.ms", "5", "log.cleaner.max.compaction.lag.ms", "1");

    @TempDir
    Path data = Path.of("");

    @Test
    void aBrokerKnowsTheOffsetsThatCompactionHasLeft() throws IOException {
        // Given
        long committed = 0;
        try (RunningBroker broker = RunningBroker.start(data, EAGER)) {
            broker.create("t", 1);
            awaitCoordinator(broker);
            commit(broker, "early", 41);
            Deadline patience = Deadline.afterMs(Clock.system(), 60_000);
            // When
            while (compactedBelow() < 200) {
                assertTrue(!patience.isPast(), "nothing is compacted");
                commit(broker, "late", ++committed);
            }
        }
        // Then
        for (Map<String, String> settings : List.of(EAGER, Map.of("log.cleaner.enable", "false"))) {
            try (RunningBroker broker = RunningBroker.start(data, settings)) {
                awaitCoordinator(broker);
                assertEquals(41, committed(broker, "early"));
                assertEquals(committed, committed(broker, "late"));
                commit(broker, "late", ++committed);
            }
        }
        long records;
        try (var files = Files.list(data.resolve("__consumer_offsets-0"))) {
            records = files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
        assertTrue(records < 100 * committed, records + " bytes hold " + committed + " commits");
    }

    private long compactedBelow() throws IOException {
        Path checkpoint = data.resolve("cleaner-offset-checkpoint");
        return Files.exists(checkpoint)
                ? Files.readAllLines(checkpoint).stream()
                        .filter(line -> line.startsWith("__consumer_offsets 0 "))
                        .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
                        .sum()
                : 0;
    }

    private static void awaitCoordinator(RunningBroker broker) throws IOException {
        Deadline patience = Deadline.afterMs(Clock.system(), 30_000);
        short error;
        do {
            assertTrue(!patience.isPast(), "there is no coordinator");
            error = broker.ask(
                            new FindCoordinatorRequest("late", (byte) 0, List.of()), 3, FindCoordinatorResponse.class)
                    .errorCode();
        } while (error != ErrorCode.NONE.code());
    }

    private static void commit(RunningBroker broker, String group, long offset) throws IOException {
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name("t")
                        .partitions(List.of(new OffsetCommitRequestPartition(0, offset, -1, "")))
                        .build()))
                .build();
        OffsetCommitResponse response = broker.ask(request, 8, OffsetCommitResponse.class);
        assertEquals(
                ErrorCode.NONE.code(),
                response.topics().getFirst().partitions().getFirst().errorCode());
    }

    private static long committed(RunningBroker broker, String group) throws IOException {
        OffsetFetchRequest request = OffsetFetchRequest.builder()
                .groupId(group)
                .topics(List.of(new OffsetFetchRequestTopic("t", List.of(0))))
                .build();
        return broker.ask(request, 7, OffsetFetchResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }
}
