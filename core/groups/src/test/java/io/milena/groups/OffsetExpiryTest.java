package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long committed offsets are kept: a retention of 1000 ms that is looked at every 100 ms. */
class OffsetExpiryTest {
    private static final UUID OLD_TOPIC = new UUID(1, 1);
    private static final UUID NEW_TOPIC = new UUID(1, 2);

    private final Client client =
            new Client(GroupSettings.defaults().withInitialRebalanceDelayMs(0).withOffsetsRetention(1_000, 100));
    private final ShardHost host = client.host();

    @Test
    void offsetsOfASimpleConsumerExpireAfterTheirCommit() {
        client.commit(8, Requests.commit("g", "", -1, "orders", 5));
        host.advanceTo(500);
        client.commit(8, Requests.commit("g", "", -1, "payments", 6));

        host.advanceTo(999);
        assertEquals(5, offset("orders"));
        host.advanceTo(1_000);
        assertEquals(-1, offset("orders"));
        assertEquals(6, offset("payments"));
        host.advanceTo(1_500);
        assertEquals(-1, offset("payments"));
        assertNull(host.shard().groups().group("g"), "a group with nobody and nothing is gone");
    }

    @Test
    void offsetsOfAGroupAreKeptWhileItConsumesTheTopic() {
        String id = stableMember();
        client.commit(8, Requests.commit("g", id, 1, "orders", 5));
        client.commit(8, Requests.commit("g", id, 1, "payments", 6));

        for (int time = 500; time <= 20_000; time += 500) {
            host.advanceTo(time);
            client.heartbeat(Requests.heartbeat("g", id, 1));
        }

        assertEquals(5, offset("orders"));
        assertEquals(-1, offset("payments"), "nobody in the group is subscribed to it");
    }

    @Test
    void offsetsOfAnEmptyGroupExpireAfterTheLastMemberLeft() {
        String id = stableMember();
        client.commit(8, Requests.commit("g", id, 1, "orders", 5));
        host.advanceTo(5_000);
        client.leave(5, Requests.leave("g", id, null));

        host.advanceTo(5_999);
        assertEquals(5, offset("orders"));
        host.advanceTo(6_000);
        assertEquals(-1, offset("orders"));
        assertNull(host.shard().groups().stored().get("g"));
        assertNull(host.shard().groups().group("g"));
    }

    @Test
    void theTimeWhenAGroupBecameEmptySurvivesARestart() {
        String id = stableMember();
        client.commit(8, Requests.commit("g", id, 1, "orders", 5));
        host.advanceTo(5_000);
        client.leave(5, Requests.leave("g", id, null));
        host.advanceTo(5_950);
        host.restart();

        host.advanceTo(6_050);

        assertEquals(-1, offset("orders"));
    }

    @Test
    void anOldClientSaysItselfHowLongItsOffsetsAreKept() {
        OffsetCommitRequest request = Requests.commit("g", "", -1, "orders", 5).toBuilder()
                .retentionTimeMs(3_000)
                .build();
        client.commit(4, request);

        host.advanceTo(2_999);
        host.restart();
        assertEquals(5, offset("orders"));
        host.advanceTo(3_100);
        assertEquals(-1, offset("orders"));
    }

    @Test
    void offsetsOfADeletedTopicAreForgottenButNotThoseOfItsSuccessor() {
        commit("old", OLD_TOPIC);
        commit("new", NEW_TOPIC);
        commit("unknown", Uuids.ZERO);

        host.handle(new Command.ForgetTopics(List.of(new Command.DeletedTopic("orders", OLD_TOPIC)), 0));

        assertEquals(-1, offset("old", "orders"));
        assertEquals(5, offset("new", "orders"));
        assertEquals(-1, offset("unknown", "orders"));
    }

    @Test
    void anOffsetOfAFormerTopicOfTheSameNameIsNotAnOffset() {
        commit("g", OLD_TOPIC);

        OffsetFetchRequestTopics topic = OffsetFetchRequestTopics.builder()
                .name("orders")
                .topicId(NEW_TOPIC)
                .partitionIndexes(List.of(0))
                .build();
        var request = Requests.fetch("g", "orders", 0).toBuilder()
                .topics(List.of(topic))
                .build();

        assertEquals(
                -1,
                host.shard()
                        .offsets(request)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .committedOffset());
    }

    @Test
    void manyRemovalsAreSpreadOverSeveralTurns() {
        for (int group = 0; group < 5; group++) {
            List<OffsetCommitRequestPartition> partitions = IntStream.range(0, 600)
                    .mapToObj(index -> OffsetCommitRequestPartition.builder()
                            .partitionIndex(index)
                            .build())
                    .toList();
            OffsetCommitRequestTopic topic = OffsetCommitRequestTopic.builder()
                    .name("orders")
                    .partitions(partitions)
                    .build();
            client.commit(
                    8,
                    OffsetCommitRequest.builder()
                            .groupId("g" + group)
                            .topics(List.of(topic))
                            .build());
        }
        host.advanceTo(999);
        GroupShard shard = host.shard();

        Decision first = shard.handle(new Command.TimerFired(new TimerKey.OffsetExpiry()), 1_000);

        assertEquals(2 * 601, first.records().size());
        assertEquals(List.of(new Effect.SetTimer(new TimerKey.OffsetExpiry(), 1_000)), first.effects());
        host.advanceTo(1_000);
        assertEquals(0, host.shard().groups().all().size());
    }

    private void commit(String group, UUID topicId) {
        OffsetCommitRequest request = Requests.commit(group, "", -1, "orders", 5);
        OffsetCommitRequestTopic topic =
                request.topics().getFirst().toBuilder().topicId(topicId).build();
        assertEquals(
                ErrorCode.NONE,
                client.commit(8, request.toBuilder().topics(List.of(topic)).build()));
    }

    private String stableMember() {
        String id = client.join(3, Requests.join("g", "", "range")).memberId();
        client.sync(4, Requests.sync("g", id, 1, id));
        assertNotNull(host.shard().groups().group("g"));
        return id;
    }

    private long offset(String topic) {
        return offset("g", topic);
    }

    private long offset(String group, String topic) {
        return host.shard()
                .offsets(Requests.fetch(group, topic, 0))
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }
}
