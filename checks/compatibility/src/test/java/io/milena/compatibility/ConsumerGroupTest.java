package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classic consumer groups: sharing, moving on, committed offsets, and what an administrator sees of them. */
class ConsumerGroupTest {
    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
    void twoMembersShareThePartitionsAndOneTakesOverWhenTheOtherLeaves(Class<?> assignor) {
        String topic = BrokerUnderTest.newTopic(4);
        Map<String, Object> settings = member(BrokerUnderTest.freshName("group"));
        settings.put("partition.assignment.strategy", assignor.getName());
        try (KafkaConsumer<String, String> a = BrokerUnderTest.consumer(settings)) {
            a.subscribe(List.of(topic));
            try (KafkaConsumer<String, String> b = BrokerUnderTest.consumer(settings)) {
                b.subscribe(List.of(topic));
                BrokerUnderTest.settle(
                        () -> a.assignment().size() == 2 && b.assignment().size() == 2, a, b);
                Set<TopicPartition> both = new HashSet<>(a.assignment());
                both.addAll(b.assignment());
                assertEquals(4, both.size());
            }
            BrokerUnderTest.settle(() -> a.assignment().size() == 4, a);
        }
    }

    /** The member says no farewell, so only its silence tells. */
    @Test
    void aMemberThatCrashesIsMissedAfterItsSessionAndItsPartitionsGoOnWhereItHadCommitted() {
        String topic = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        BrokerUnderTest.produce(topic, "k", 10);
        Map<String, Object> settings = member(BrokerUnderTest.freshName("group"));
        KafkaConsumer<String, String> crashed = BrokerUnderTest.consumer(settings);
        crashed.subscribe(List.of(topic));
        BrokerUnderTest.poll(crashed, 10);
        crashed.commitSync(Map.of(partition, new OffsetAndMetadata(4)));
        crashed.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));

        try (KafkaConsumer<String, String> heir = BrokerUnderTest.consumer(settings)) {
            heir.subscribe(List.of(topic));
            List<ConsumerRecord<String, String>> rest = BrokerUnderTest.poll(heir, 6);
            assertEquals(4, rest.getFirst().offset());
            assertEquals(Set.of(partition), heir.assignment());
        }
    }

    @Test
    void aGroupContinuesAtItsCommittedOffsets() {
        String topic = BrokerUnderTest.newTopic(1);
        Map<String, Object> settings = member(BrokerUnderTest.freshName("group"));
        BrokerUnderTest.produce(topic, "k", 10);
        try (KafkaConsumer<String, String> first = BrokerUnderTest.consumer(settings)) {
            first.subscribe(List.of(topic));
            BrokerUnderTest.poll(first, 10);
            first.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(7, "seven")));
        }
        try (KafkaConsumer<String, String> second = BrokerUnderTest.consumer(settings)) {
            second.subscribe(List.of(topic));
            List<ConsumerRecord<String, String>> rest = BrokerUnderTest.poll(second, 3);
            assertEquals(7, rest.getFirst().offset());
            OffsetAndMetadata committed =
                    second.committed(Set.of(new TopicPartition(topic, 0))).get(new TopicPartition(topic, 0));
            assertEquals(new OffsetAndMetadata(7, "seven").metadata(), committed.metadata());
        }
    }

    @Test
    void groupsReadIndependentlyOfEachOther() {
        String topic = BrokerUnderTest.newTopic(2);
        BrokerUnderTest.produce(topic, null, 20);
        for (int i = 0; i < 2; i++) {
            try (KafkaConsumer<String, String> consumer =
                    BrokerUnderTest.consumer(member(BrokerUnderTest.freshName("group")))) {
                consumer.subscribe(List.of(topic));
                assertEquals(20, BrokerUnderTest.poll(consumer, 20).size());
            }
        }
    }

    @Test
    void aStaticMemberThatReturnsKeepsItsPartitions() {
        String topic = BrokerUnderTest.newTopic(2);
        String group = BrokerUnderTest.freshName("group");
        Map<String, Object> staticA = member(group);
        staticA.put("group.instance.id", "a");
        Map<String, Object> staticB = member(group);
        staticB.put("group.instance.id", "b");
        try (KafkaConsumer<String, String> b = BrokerUnderTest.consumer(staticB)) {
            b.subscribe(List.of(topic));
            Set<TopicPartition> ofA;
            try (KafkaConsumer<String, String> a = BrokerUnderTest.consumer(staticA)) {
                a.subscribe(List.of(topic));
                BrokerUnderTest.settle(
                        () -> a.assignment().size() == 1 && b.assignment().size() == 1, a, b);
                ofA = Set.copyOf(a.assignment());
            }
            try (KafkaConsumer<String, String> again = BrokerUnderTest.consumer(staticA)) {
                again.subscribe(List.of(topic));
                BrokerUnderTest.settle(() -> again.assignment().size() == 1, again, b);
                assertEquals(ofA, again.assignment());
                assertEquals(1, b.assignment().size());
            }
        }
    }

    @Test
    void anAdministratorSeesMembersOffsetsAndStateAndCanResetAndDelete() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        String group = BrokerUnderTest.freshName("group");
        TopicPartition partition = new TopicPartition(topic, 0);
        BrokerUnderTest.produce(topic, "k", 5);
        try (Admin admin = BrokerUnderTest.admin()) {
            try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(member(group))) {
                consumer.subscribe(List.of(topic));
                BrokerUnderTest.poll(consumer, 5);
                consumer.commitSync();

                ConsumerGroupDescription description = describe(admin, group);
                assertEquals(GroupState.STABLE, description.groupState());
                assertEquals(1, description.members().size());
                assertEquals(
                        Set.of(partition),
                        description.members().iterator().next().assignment().topicPartitions());
                ExecutionException refused = assertThrows(
                        ExecutionException.class,
                        () -> admin.deleteConsumerGroups(List.of(group)).all().get());
                assertInstanceOf(GroupNotEmptyException.class, refused.getCause());
            }
            assertEquals(GroupState.EMPTY, describe(admin, group).groupState());
            assertTrue(admin.listGroups().all().get().stream()
                    .anyMatch(g -> g.groupId().equals(group)));

            admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(2)))
                    .all()
                    .get();
            assertEquals(
                    2,
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(partition)
                            .offset());
            admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get();
            assertTrue(admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .isEmpty());
            admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(1)))
                    .all()
                    .get();
            admin.deleteConsumerGroups(List.of(group)).all().get();
            assertFalse(admin.listGroups().all().get().stream()
                    .anyMatch(g -> g.groupId().equals(group)));
        }
    }

    private static ConsumerGroupDescription describe(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    }

    private static Map<String, Object> member(String group) {
        return new HashMap<>(Map.of(
                "group.id",
                group,
                "enable.auto.commit",
                false,
                "heartbeat.interval.ms",
                500,
                "session.timeout.ms",
                6000));
    }
}
