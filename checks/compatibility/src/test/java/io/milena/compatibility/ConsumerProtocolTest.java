package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.junit.jupiter.api.Test;

/** Consumer groups of KIP-848, {@code group.protocol=consumer}. An Apache Kafka must let members hear and be missed as soon as {@code oracle.properties} says. */
class ConsumerProtocolTest {
    private static Map<String, Object> member(String group) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", group);
        settings.put("group.protocol", "consumer");
        settings.put("enable.auto.commit", false);
        settings.put("metadata.max.age.ms", 500);
        return settings;
    }

    @SafeVarargs
    private static Set<TopicPartition> all(KafkaConsumer<String, String>... consumers) {
        Set<TopicPartition> all = new HashSet<>();
        for (KafkaConsumer<String, String> consumer : consumers) {
            all.addAll(consumer.assignment());
        }
        return all;
    }

    @Test
    void threeMembersShareThePartitionsAndTheOthersTakeOverWhenOneLeaves() {
        String topic = BrokerUnderTest.newTopic(6);
        Map<String, Object> settings = member(BrokerUnderTest.freshName("group"));
        try (KafkaConsumer<String, String> a = BrokerUnderTest.consumer(settings);
                KafkaConsumer<String, String> b = BrokerUnderTest.consumer(settings)) {
            a.subscribe(List.of(topic));
            BrokerUnderTest.settle(() -> a.assignment().size() == 6, a);
            b.subscribe(List.of(topic));
            try (KafkaConsumer<String, String> c = BrokerUnderTest.consumer(settings)) {
                c.subscribe(List.of(topic));
                BrokerUnderTest.settle(
                        () -> a.assignment().size() == 2
                                && b.assignment().size() == 2
                                && c.assignment().size() == 2,
                        a,
                        b,
                        c);
                assertEquals(6, all(a, b, c).size());
            }
            BrokerUnderTest.settle(
                    () -> a.assignment().size() == 3 && b.assignment().size() == 3, a, b);
            assertEquals(6, all(a, b).size());
        }
    }

    @Test
    void aGroupContinuesAtItsCommittedOffsets() {
        String topic = BrokerUnderTest.newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<String, Object> settings = member(BrokerUnderTest.freshName("group"));
        BrokerUnderTest.produce(topic, "k", 10);
        try (KafkaConsumer<String, String> first = BrokerUnderTest.consumer(settings)) {
            first.subscribe(List.of(topic));
            BrokerUnderTest.poll(first, 10);
            first.commitSync(Map.of(partition, new OffsetAndMetadata(7, "seven")));
        }
        try (KafkaConsumer<String, String> second = BrokerUnderTest.consumer(settings)) {
            second.subscribe(List.of(topic));
            List<ConsumerRecord<String, String>> rest = BrokerUnderTest.poll(second, 3);
            assertEquals(7, rest.getFirst().offset());
            assertEquals(
                    "seven", second.committed(Set.of(partition)).get(partition).metadata());
        }
    }

    /** The member says no farewell, so only its silence tells. */
    @Test
    void aMemberThatCrashesIsMissedAfterItsSession() throws Exception {
        String topic = BrokerUnderTest.newTopic(2);
        String group = BrokerUnderTest.freshName("group");
        try (Admin admin = BrokerUnderTest.admin()) {
            ConfigEntry session = new ConfigEntry("consumer.session.timeout.ms", "6000");
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(new AlterConfigOp(session, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        Map<String, Object> settings = member(group);
        KafkaConsumer<String, String> crashed = BrokerUnderTest.consumer(settings);
        try (KafkaConsumer<String, String> heir = BrokerUnderTest.consumer(settings)) {
            crashed.subscribe(List.of(topic));
            heir.subscribe(List.of(topic));
            BrokerUnderTest.settle(
                    () -> crashed.assignment().size() == 1 && heir.assignment().size() == 1, crashed, heir);
            crashed.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
            BrokerUnderTest.settle(() -> heir.assignment().size() == 2, heir);
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
    void aRegularExpressionFindsTopicsThatComeLater() {
        String prefix = BrokerUnderTest.freshName("regex");
        try (Admin admin = BrokerUnderTest.admin();
                KafkaConsumer<String, String> consumer =
                        BrokerUnderTest.consumer(member(BrokerUnderTest.freshName("group")))) {
            create(admin, prefix + "-one", 1);
            create(admin, "other-" + prefix, 1);
            consumer.subscribe(new SubscriptionPattern(prefix + "-.*"));
            BrokerUnderTest.settle(
                    () -> consumer.assignment().equals(Set.of(new TopicPartition(prefix + "-one", 0))), consumer);
            if (BrokerUnderTest.isMilena()) { // Apache Kafka looks again after ten seconds or more
                create(admin, prefix + "-two", 2);
                BrokerUnderTest.settle(() -> consumer.assignment().size() == 3, consumer);
            }
        }
    }

    private static void create(Admin admin, String topic, int partitions) {
        try {
            admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("cannot create " + topic, e);
        }
    }

    @Test
    void anExpressionThatIsNoneIsRefused() {
        try (KafkaConsumer<String, String> consumer =
                BrokerUnderTest.consumer(member(BrokerUnderTest.freshName("group")))) {
            consumer.subscribe(new SubscriptionPattern("(unclosed"));
            assertThrows(InvalidRegularExpression.class, () -> BrokerUnderTest.settle(() -> false, consumer));
        }
    }

    @Test
    void newPartitionsOfATopicAreFound() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        try (Admin admin = BrokerUnderTest.admin();
                KafkaConsumer<String, String> consumer =
                        BrokerUnderTest.consumer(member(BrokerUnderTest.freshName("group")))) {
            consumer.subscribe(List.of(topic));
            BrokerUnderTest.settle(() -> consumer.assignment().size() == 1, consumer);
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            BrokerUnderTest.settle(() -> consumer.assignment().size() == 4, consumer);
        }
    }

    @Test
    void anAdministratorSeesMembersEpochsAndOffsetsAndCanDelete() throws Exception {
        String topic = BrokerUnderTest.newTopic(2);
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
                assertEquals(GroupType.CONSUMER, description.type());
                assertEquals("uniform", description.partitionAssignor());
                assertEquals(description.groupEpoch(), description.targetAssignmentEpoch());
                assertEquals(
                        2,
                        description
                                .members()
                                .iterator()
                                .next()
                                .assignment()
                                .topicPartitions()
                                .size());
                GroupListing listing = admin.listGroups().all().get().stream()
                        .filter(each -> each.groupId().equals(group))
                        .findFirst()
                        .orElseThrow();
                assertEquals(GroupType.CONSUMER, listing.type().orElseThrow());
                assertEquals(GroupState.STABLE, listing.groupState().orElseThrow());
                ExecutionException refused = assertThrows(
                        ExecutionException.class,
                        () -> admin.deleteConsumerGroups(List.of(group)).all().get());
                assertInstanceOf(GroupNotEmptyException.class, refused.getCause());
            }
            assertEquals(GroupState.EMPTY, describe(admin, group).groupState());
            assertTrue(admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .containsKey(partition));
            admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(1)))
                    .all()
                    .get();
            admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get();
            admin.deleteConsumerGroups(List.of(group)).all().get();
        }
    }

    private static ConsumerGroupDescription describe(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    }

    @Test
    void aGroupInWhichNobodyIsMayChangeItsProtocolBothWays() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        String group = BrokerUnderTest.freshName("group");
        Map<String, Object> classic = member(group);
        classic.put("group.protocol", "classic");
        BrokerUnderTest.produce(topic, "k", 10);
        long expected = 0;
        for (Map<String, Object> settings : List.of(member(group), classic, member(group))) {
            try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(settings)) {
                consumer.subscribe(List.of(topic));
                List<ConsumerRecord<String, String>> records = BrokerUnderTest.poll(consumer, 1);
                assertEquals(expected, records.getFirst().offset());
                expected += 2;
                consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(expected)));
            }
        }
    }
}
