package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetFetchRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A topic that is deleted at 200 can be restored until 1000, with what groups have committed in it. */
class KeptOffsetsTest {
    private static final long KEPT_UNTIL_MS = 1_000;
    private static final UUID ORDERS = TopicTable.id("orders");
    private static final TopicTable WITH_ORDERS = TopicTable.of("orders:3");

    private final Client client =
            new Client(GroupSettings.defaults().withInitialRebalanceDelayMs(0).withOffsetsRetention(10_000, 100));
    private final ShardHost host = client.host();

    @BeforeEach
    void aGroupHasCommitted() {
        host.topics(WITH_ORDERS);
        commit("readers", ORDERS, 5);
        host.advanceTo(200);
    }

    private void commit(String group, UUID topicId, long offset) {
        OffsetCommitRequest request = Requests.commit(group, "", -1, "orders", offset);
        OffsetCommitRequestTopic topic =
                request.topics().getFirst().toBuilder().topicId(topicId).build();
        assertEquals(
                ErrorCode.NONE,
                client.commit(8, request.toBuilder().topics(List.of(topic)).build()));
    }

    private void delete(long keptUntilMs) {
        host.topics(Topics.NONE);
        host.handle(new Command.ForgetTopics(List.of(new Command.DeletedTopic("orders", ORDERS)), keptUntilMs));
    }

    private void restore(Topics topics) {
        host.topics(topics);
        assertTrue(host.shard().hasOffsetsToRestore());
        host.handle(new Command.RestoreOffsets());
        assertFalse(host.shard().hasOffsetsToRestore());
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

    @Test
    void whatWasCommittedInADeletedTopicIsSeenByNobody() {
        delete(KEPT_UNTIL_MS);

        OffsetFetchRequest.OffsetFetchRequestGroup all =
                Requests.fetch("readers", "orders", 0).toBuilder().topics(null).build();
        assertEquals(List.of(), host.shard().offsets(all).topics());
        assertEquals(-1, offset("readers", "orders"));
        assertFalse(host.shard().groups().offsets().has("readers"));
    }

    @Test
    void aGroupGoesOnWhereItWasInARestoredTopic() {
        delete(KEPT_UNTIL_MS);
        restore(WITH_ORDERS);

        assertEquals(5, offset("readers", "orders"));
    }

    @Test
    void anotherCoordinatorHasThemToo() {
        delete(KEPT_UNTIL_MS);
        host.moveToAnotherBroker();
        restore(WITH_ORDERS);
        host.moveToAnotherBroker();

        assertEquals(5, offset("readers", "orders"));
    }

    @Test
    void theyAreOffsetsAsAllOthersWhenTheyAreBack() {
        host.advanceTo(300);
        delete(KEPT_UNTIL_MS);
        restore(WITH_ORDERS);

        host.advanceTo(9_999);
        assertEquals(5, offset("readers", "orders"), "what was kept until 1000 is not kept, but committed");
        host.advanceTo(10_000);
        assertEquals(-1, offset("readers", "orders"), "10000 ms after they were committed");
    }

    @Test
    void aTopicComesBackUnderAnotherNameWhileItsOwnIsTaken() {
        delete(KEPT_UNTIL_MS);
        UUID successor = new UUID(7, 7);
        commit("readers", successor, 2);
        Map<String, Topics.Topic> topics = new TreeMap<>();
        topics.put("orders", new Topics.Topic("orders", successor, 1));
        topics.put("orders-1", new Topics.Topic("orders-1", ORDERS, 3));
        restore(new TopicTable(new TreeMap<>(topics)));

        assertEquals(2, offset("readers", "orders"));
        assertEquals(5, offset("readers", "orders-1"));
    }

    @Test
    void whatWasCommittedSinceTheTopicIsBackIsNewer() {
        delete(KEPT_UNTIL_MS);
        host.topics(WITH_ORDERS);
        commit("readers", ORDERS, 9);
        restore(WITH_ORDERS);

        assertEquals(9, offset("readers", "orders"));
    }

    @Test
    void whatWasCommittedInAFormerTopicOfTheNameIsNotInTheWay() {
        delete(KEPT_UNTIL_MS);
        commit("readers", new UUID(7, 7), 2); // and nobody heard that this one was deleted
        restore(WITH_ORDERS);

        assertEquals(5, offset("readers", "orders"));
    }

    @Test
    void theyAreGoneWhenTheTopicCannotBeRestoredAnyMore() {
        delete(KEPT_UNTIL_MS);
        host.advanceTo(KEPT_UNTIL_MS);

        host.topics(WITH_ORDERS);
        assertFalse(host.shard().hasOffsetsToRestore());
        assertNull(host.log().getLast().value(), "a tombstone, so that compaction takes them");
    }

    @Test
    void withoutATrashNothingIsKept() {
        int before = host.log().size();
        delete(host.nowMs());

        assertEquals(before + 1, host.log().size());
        host.topics(WITH_ORDERS);
        assertFalse(host.shard().hasOffsetsToRestore());
    }

    @Test
    void aGroupThatIsDeletedDoesNotComeBack() {
        commit("readers", new UUID(7, 7), 2);
        commit("others", ORDERS, 6);
        delete(KEPT_UNTIL_MS);
        commit("readers", new UUID(7, 7), 3);
        assertEquals(ErrorCode.NONE, client.deleteGroup("readers"));
        restore(WITH_ORDERS);

        assertEquals(-1, offset("readers", "orders"));
        assertEquals(6, offset("others", "orders"));
    }

    @Test
    void aRestorationThatCannotBeWrittenIsTriedAgain() {
        delete(KEPT_UNTIL_MS);
        host.topics(WITH_ORDERS);
        host.failNextAppend(ErrorCode.KAFKA_STORAGE_ERROR);
        host.handle(new Command.RestoreOffsets());
        assertEquals(-1, offset("readers", "orders"));

        restore(WITH_ORDERS);
        assertEquals(5, offset("readers", "orders"));
    }
}
