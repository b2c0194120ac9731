package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.OffsetQuestions;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Partition 0 of {@code orders} has five records, partition 1 has two. */
class GroupsCommandTest {
    /** Topic names and one group; ids and several groups come later. */
    private static final int COMMIT_VERSION = 9;

    private final CommandRunner milena;

    GroupsCommandTest(@TempDir Path data) throws IOException {
        milena = CommandRunner.withBroker(data);
    }

    @BeforeEach
    void fill() {
        milena.output("topics create orders --partitions 2");
        milena.run("a\nb\nc\nd\ne\n", "produce orders --partition 0").succeeds();
        milena.run("f\ng\n", "produce orders --partition 1").succeeds();
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    private void commit(String group, int partition, long offset) throws IOException {
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name("orders")
                        .partitions(List.of(OffsetCommitRequestPartition.builder()
                                .partitionIndex(partition)
                                .committedOffset(offset)
                                .committedLeaderEpoch(-1)
                                .committedMetadata("")
                                .build()))
                        .build()))
                .build();
        try (ClusterClient client = milena.client()) {
            OffsetCommitResponse response =
                    client.sendToCoordinator(group, request, COMMIT_VERSION, OffsetCommitResponse.class);
            assertEquals(
                    ErrorCode.NONE.code(),
                    response.topics().getFirst().partitions().getFirst().errorCode());
        }
    }

    /** The id of a new member; it leaves with the session that ends long after the test. */
    private String join(String group) throws IOException {
        JoinGroupRequest request = JoinGroupRequest.builder()
                .groupId(group)
                .sessionTimeoutMs(60_000)
                .rebalanceTimeoutMs(60_000)
                .memberId("")
                .protocolType("consumer")
                .protocols(List.of(JoinGroupRequestProtocol.builder()
                        .name("range")
                        .metadata(ByteBuffer.allocate(0))
                        .build()))
                .build();
        try (ClusterClient client = milena.client()) {
            JoinGroupResponse first = joined(client, group, request);
            assertEquals(ErrorCode.MEMBER_ID_REQUIRED.code(), first.errorCode());
            JoinGroupRequest again =
                    request.toBuilder().memberId(first.memberId()).build();
            assertEquals(ErrorCode.NONE.code(), joined(client, group, again).errorCode());
            return first.memberId();
        }
    }

    private static JoinGroupResponse joined(ClusterClient client, String group, ApiMessage request) throws IOException {
        return client.sendToCoordinator(group, request, Short.MAX_VALUE, JoinGroupResponse.class);
    }

    private void assertDescribed(String group, String... partitions) {
        List<String> lines = milena.run("groups describe " + group).succeeds().lines();
        assertEquals(List.of(partitions), lines.subList(1, lines.size()));
    }

    @Test
    void groupsAreListedWithTheirStates() throws IOException {
        assertEquals("", milena.output("groups list"));
        commit("readers", 0, 1);
        join("writers");
        assertEquals(
                List.of("readers  Empty", "writers  CompletingRebalance"),
                milena.run("groups list").succeeds().lines().stream().sorted().toList());
    }

    @Test
    void aDescriptionHasOffsetsAndLagOfCommittedPartitions() throws IOException {
        commit("readers", 0, 3);
        assertEquals(
                List.of("Group readers: Empty, 0 member(s)", "  orders-0  committed 3  end 5  lag 2"),
                milena.run("groups describe readers").succeeds().lines());
        assertEquals(
                "{\"group\":\"readers\",\"type\":\"classic\",\"state\":\"Empty\",\"members\":[],\"offsets\":[{\"topic\":\"orders\",\"partition\":0,"
                        + "\"committed\":3,\"end\":5,\"lag\":2}]}\n",
                milena.output("groups describe readers --output json"));
        commit("readers", 1, 2);
        assertDescribed("readers", "  orders-0  committed 3  end 5  lag 2", "  orders-1  committed 2  end 2  lag 0");
    }

    @Test
    void lagGrowsWithTheTopic() throws IOException {
        commit("readers", 1, 0);
        assertDescribed("readers", "  orders-1  committed 0  end 2  lag 2");
        milena.run("h\ni\nj\n", "produce orders --partition 1").succeeds();
        assertDescribed("readers", "  orders-1  committed 0  end 5  lag 5");
    }

    @Test
    void aDescriptionNamesMembers() throws IOException {
        String member = join("readers");
        String described = milena.output("groups describe readers");
        assertTrue(described.startsWith("Group readers: CompletingRebalance, 1 member(s)\n"), described);
        assertTrue(described.contains("  member " + member + "  "), described);
    }

    @Test
    void anUnknownGroupIsAFailure() {
        milena.run("groups describe nobody").isRefused(1, "nobody");
        milena.run("groups delete nobody").isRefused(1, "nobody", "GROUP_ID_NOT_FOUND");
    }

    @Test
    void aResetOnlyShowsWhatItWouldDo() throws IOException {
        commit("readers", 0, 3);
        assertEquals(
                List.of(
                        "  orders-0  to 0",
                        "  orders-1  to 0",
                        "Nothing is changed yet; --execute commits these offsets"),
                milena.run("groups reset-offsets readers --topic orders --to-earliest")
                        .succeeds()
                        .lines());
        assertDescribed("readers", "  orders-0  committed 3  end 5  lag 2");
    }

    @Test
    void aResetForProgramsSaysWhatIsReadAgain() throws IOException {
        commit("readers", 0, 3);
        assertEquals(
                "{\"group\":\"readers\",\"isExecuted\":false,\"partitions\":["
                        + "{\"topic\":\"orders\",\"partition\":0,\"committed\":3,\"target\":0,\"readAgain\":3},"
                        + "{\"topic\":\"orders\",\"partition\":1,\"target\":0,\"readAgain\":0}]}\n",
                milena.output("groups reset-offsets readers --topic orders --to-earliest --output json"));
        assertTrue(milena.output("groups reset-offsets readers --topic orders --to-earliest --execute --output json")
                .contains("\"isExecuted\":true"));
        assertDescribed("readers", "  orders-0  committed 0  end 5  lag 5", "  orders-1  committed 0  end 2  lag 2");
    }

    @ParameterizedTest
    @CsvSource({
        "--to-earliest, 0, 0",
        "--to-latest, 5, 2",
        "--to-offset 2, 2, 2",
        "--to-offset 0, 0, 0",
        "--to-offset 4, 4, 2",
        "--to-time 0, 0, 0",
        "--to-time 9999999999999, 5, 2",
    })
    void aResetCommitsWhenItIsExecuted(String target, long first, long second) throws IOException {
        commit("readers", 0, 3);
        assertEquals(
                List.of("  orders-0  to " + first, "  orders-1  to " + second, "Reset group readers"),
                milena.run("groups reset-offsets readers --topic orders --execute " + target)
                        .succeeds()
                        .lines());
        assertDescribed(
                "readers",
                "  orders-0  committed " + first + "  end 5  lag " + (5 - first),
                "  orders-1  committed " + second + "  end 2  lag " + (2 - second));
    }

    @Test
    void aResetToATimeGoesToTheFirstRecordThatIsNotEarlier() throws IOException {
        long last = timeOfLastRecord();
        commit("readers", 0, 3);
        List<String> planned = milena.run("groups reset-offsets readers --topic orders --to-time " + (last + 1))
                .succeeds()
                .lines();
        assertEquals(List.of("  orders-0  to 5", "  orders-1  to 2"), planned.subList(0, 2));
        planned = milena.run("groups reset-offsets readers --topic orders --to-time " + last)
                .succeeds()
                .lines();
        assertFalse(planned.get(1).endsWith("to 2"), planned.toString());
    }

    @Test
    void aResetMakesAGroupThatWasNotThere() {
        milena.output("groups reset-offsets newcomers --topic orders --to-latest --execute");
        assertEquals("newcomers  Empty\n", milena.output("groups list"));
    }

    @Test
    void aResetOfSeveralTopicsLeavesTheOthers() throws IOException {
        milena.output("topics create a");
        milena.output("topics create b");
        commit("readers", 0, 3);
        milena.output("groups reset-offsets readers --topic a --topic b --to-earliest --execute");
        assertDescribed(
                "readers",
                "  a-0  committed 0  end 0  lag 0",
                "  b-0  committed 0  end 0  lag 0",
                "  orders-0  committed 3  end 5  lag 2");
    }

    @Test
    void aGroupWithMembersIsNeitherResetNorDeleted() throws IOException {
        join("readers");
        CommandRunner.Result reset = milena.run("groups reset-offsets readers --topic orders --to-earliest --execute");
        assertEquals(1, reset.exit());
        assertEquals("milena: group readers has members; stop them first\n", reset.errors());
        milena.run("groups delete readers").isRefused(1, "readers", "NON_EMPTY_GROUP");
    }

    @Test
    void aDeletedGroupIsGoneWithItsOffsets() throws IOException {
        commit("readers", 0, 3);
        commit("others", 0, 3);
        commit("more", 0, 3);
        assertEquals("Deleted readers\nDeleted more\n", milena.output("groups delete readers more"));
        assertEquals("others  Empty\n", milena.output("groups list"));
        commit("readers", 1, 1);
        assertDescribed("readers", "  orders-1  committed 1  end 2  lag 1");
    }

    /** The latest time in partition 1: the last at which the broker finds a record that is not earlier. */
    private long timeOfLastRecord() throws IOException {
        try (ClusterClient client = milena.client()) {
            MetadataResponsePartition partition =
                    client.topic("orders").partitions().get(1);
            long low = 0;
            long high = 1L << 43;
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (new OffsetQuestions(client, "orders").atTime(partition, middle) == 2) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low - 1;
        }
    }
}
