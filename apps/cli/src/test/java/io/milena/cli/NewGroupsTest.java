package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of KIP-848 ({@code group.protocol=consumer}). A member is the heartbeats that the test sends; its session outlasts the test. */
class NewGroupsTest {
    private static final int LEAVES = -1;

    private final CommandRunner milena;

    NewGroupsTest(@TempDir Path data) throws IOException {
        milena = CommandRunner.withBroker(data);
    }

    @BeforeEach
    void fill() {
        milena.output("topics create orders --partitions 2");
        milena.run("a\nb\nc\n", "produce orders --partition 0").succeeds();
        milena.output("groups reset-offsets new --topic orders --to-offset 1 --execute");
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    private void beat(ConsumerGroupHeartbeatRequest request) throws IOException {
        try (ClusterClient client = milena.client()) {
            ConsumerGroupHeartbeatResponse answer =
                    client.sendToCoordinator("new", request, Short.MAX_VALUE, ConsumerGroupHeartbeatResponse.class);
            assertEquals(ErrorCode.NONE, ErrorCode.of(answer.errorCode()), answer.toString());
        }
    }

    private void join(String member) throws IOException {
        beat(ConsumerGroupHeartbeatRequest.builder()
                .groupId("new")
                .memberId(member)
                .rebalanceTimeoutMs(600_000)
                .subscribedTopicNames(List.of("orders"))
                .topicPartitions(List.of())
                .build());
    }

    private void leave(String member) throws IOException {
        beat(ConsumerGroupHeartbeatRequest.builder()
                .groupId("new")
                .memberId(member)
                .memberEpoch(LEAVES)
                .build());
    }

    @Test
    void theyAreListedAndDescribed() throws IOException {
        join("first");
        assertEquals("new  Stable\n", milena.output("groups list"));
        assertTrue(milena.output("groups list --output json").contains("\"type\":\"consumer\""));
        assertEquals(
                List.of(
                        "Group new: Stable, 1 member(s), group.protocol=consumer",
                        "  member first  /127.0.0.1  milena-cli  has [orders-0, orders-1]",
                        "  orders-0  committed 1  end 3  lag 2",
                        "  orders-1  committed 0  end 0  lag 0"),
                milena.run("groups describe new").succeeds().lines());
        String json = milena.output("groups describe new --output json");
        assertTrue(json.contains("\"type\":\"consumer\",\"state\":\"Stable\""), json);
        assertTrue(json.contains("\"partitions\":[\"orders-0\",\"orders-1\"],\"isAwaited\":false"), json);
        assertTrue(json.contains("\"lag\":2,\"member\":\"first\""), json);
        String top = milena.output("top --once --every 1 --output json");
        assertTrue(top.contains("{\"group\":\"new\",\"members\":1,\"lag\":2,"), top);
    }

    @Test
    void whyTellsWhoIsWaitedForAndWhoseComingSetItOff() throws IOException {
        join("first");
        join("second");
        String why = milena.output("why group new --for 1");
        assertTrue(why.contains("group new is Reconciling and has 2 member(s)"), why);
        assertTrue(why.contains("because member milena-cli (second) joined"), why);
        assertTrue(why.contains("[first] have still to let go"), why);
    }

    @Test
    void theyAreResetAndDeletedWhenNobodyIsThere() throws IOException {
        join("first");
        CommandRunner.Result reset = milena.run("groups reset-offsets new --topic orders --to-earliest --execute");
        assertEquals(1, reset.exit());
        assertEquals("milena: group new has members; stop them first\n", reset.errors());
        milena.run("groups delete new").isRefused(1, "new", "NON_EMPTY_GROUP");
        leave("first");
        milena.output("groups reset-offsets new --topic orders --to-earliest --execute");
        String why = milena.output("why group new --for 1");
        assertTrue(why.contains("So: it is behind because nobody reads"), why);
        assertTrue(why.contains("member milena-cli (first) left"), why);
        assertEquals("Deleted new\n", milena.output("groups delete new"));
        milena.run("groups describe new").isRefused(1, "group new", "GROUP_ID_NOT_FOUND");
    }
}
