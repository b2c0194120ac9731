package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.metadata.Controller.NewTopic;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.testkit.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected error codes are those that Apache Kafka 4.3.1 answered to the same requests. */
class ControllerTest {
    private static final int NODE = 1;
    private static final UUID ID = new UUID(7, 7);

    private final Controller controller = new Controller(NODE, 4);
    private final ClusterImage image = ClusterImage.EMPTY
            .replay(controller
                    .createTopic(ClusterImage.EMPTY, topic("ok", 3, 1), new UUID(1, 1))
                    .records())
            .replay(controller
                    .createTopic(ClusterImage.EMPTY, topic("a.b", 1, 1), new UUID(1, 2))
                    .records());

    private static NewTopic topic(String name, int partitions, int replicationFactor) {
        return new NewTopic(name, partitions, (short) replicationFactor, Map.of(), Map.of());
    }

    private static NewTopic topic(String name, Map<String, @Nullable String> settings) {
        return new NewTopic(name, 1, (short) 1, Map.of(), settings);
    }

    private static void assertRefused(ErrorCode error, String reason, Decision decision) {
        assertEquals(error, decision.error(), () -> String.valueOf(decision.message()));
        assertTrue(
                decision.message() != null && decision.message().contains(reason),
                () -> String.valueOf(decision.message()));
        assertEquals(List.of(), decision.records());
    }

    @Test
    void createsATopicWithItsPartitionsAndSettings() {
        Decision decision = controller.createTopic(image, topic("new", Map.of("retention.ms", " 1000 ")), ID);
        assertEquals(ErrorCode.NONE, decision.error());
        assertEquals(
                List.of(
                        new TopicRecord("new", ID),
                        new ConfigRecord(Resource.TOPIC, "new", "retention.ms", "1000"),
                        PartitionRecord.builder()
                                .topicId(ID)
                                .partitionId(0)
                                .replicas(List.of(NODE))
                                .isr(List.of(NODE))
                                .leader(NODE)
                                .leaderEpoch(0)
                                .partitionEpoch(0)
                                .directories(List.of(new UUID(0, 1)))
                                .build()),
                decision.records());
    }

    @Test
    void minusOneMeansTheDefaults() {
        Decision decision = controller.createTopic(image, topic("new", -1, -1), ID);
        Topic created = image.replay(decision.records()).topic("new");
        assertNotNull(created);
        assertEquals(4, created.partitions().size());
        assertEquals(List.of(NODE), created.partitions().getFirst().replicas());
    }

    @Test
    void assignmentsSayHowManyPartitions() {
        NewTopic wanted = new NewTopic("new", -1, (short) -1, Map.of(0, List.of(NODE), 1, List.of(NODE)), Map.of());
        Topic created = image.replay(controller.createTopic(image, wanted, ID).records())
                .topic("new");
        assertNotNull(created);
        assertEquals(2, created.partitions().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        ok     | TOPIC_ALREADY_EXISTS    | Topic 'ok' already exists.
        .      | INVALID_TOPIC_EXCEPTION | '.' is not allowed
        ..     | INVALID_TOPIC_EXCEPTION | '..' is not allowed
        ""     | INVALID_TOPIC_EXCEPTION | the empty string is not allowed
        a b    | INVALID_TOPIC_EXCEPTION | 'a b' contains
        ä      | INVALID_TOPIC_EXCEPTION | contains
        a_b    | INVALID_TOPIC_EXCEPTION | Topic 'a_b' collides with existing topic: a.b
        """)
    void namesAreChecked(String name, ErrorCode error, String reason) {
        assertRefused(error, reason, controller.createTopic(image, topic(name, 1, 1), ID));
    }

    @Test
    void namesMayBe249Long() {
        assertEquals(
                ErrorCode.NONE,
                controller.createTopic(image, topic("a".repeat(249), 1, 1), ID).error());
        assertRefused(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                "longer than 249",
                controller.createTopic(image, topic("a".repeat(250), 1, 1), ID));
    }

    @Test
    void collisionsAreThoseOfAllNames() {
        Seeds.each(ControllerTest.class, 300, seed -> {
            Random random = new Random(seed);
            ClusterImage names = ClusterImage.EMPTY;
            for (int step = 0; step < 12; step++) {
                String name = random.ints(1 + random.nextInt(4), 0, 4)
                        .collect(StringBuilder::new, (text, i) -> text.append("a._b".charAt(i)), StringBuilder::append)
                        .toString();
                String folded = name.replace('.', '_');
                boolean collides = names.topics().stream()
                        .anyMatch(t -> t.name().replace('.', '_').equals(folded));
                boolean isSeparated = !folded.equals("a") && folded.indexOf('_') >= 0;
                assertEquals(collides && isSeparated, TopicNames.collision(name, names) != null, name);
                if (!collides) {
                    names = names.replay(List.of(new TopicRecord(name, new UUID(seed, step))));
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0     | 1  | INVALID_PARTITIONS         | invalid non-positive value: 0
        -2    | 1  | INVALID_PARTITIONS         | invalid non-positive value: -2
        10001 | 1  | POLICY_VIOLATION           | Excessively large number of partitions per request
        1     | 0  | INVALID_REPLICATION_FACTOR | must be larger than 0, or -1 to use the default value
        1     | -2 | INVALID_REPLICATION_FACTOR | must be larger than 0, or -1 to use the default value
        1     | 2  | INVALID_REPLICATION_FACTOR | only 1 broker(s) are registered
        """)
    void countsAreChecked(int partitions, int replicationFactor, ErrorCode error, String reason) {
        assertRefused(error, reason, controller.createTopic(image, topic("new", partitions, replicationFactor), ID));
    }

    @Test
    void assignmentsAreChecked() {
        Map<Map<Integer, List<Integer>>, String> wrong = new HashMap<>();
        wrong.put(Map.of(0, List.of()), "empty replica list");
        wrong.put(Map.of(0, List.of(NODE), 2, List.of(NODE)), "consecutive 0-based integer sequence; 1 is missing");
        wrong.put(Map.of(1, List.of(NODE)), "consecutive 0-based integer sequence; 0 is missing");
        wrong.put(Map.of(0, List.of(7)), "includes broker 7, but no such broker is registered");
        wrong.put(Map.of(0, List.of(-1)), "includes broker -1, but no such broker is registered");
        wrong.put(Map.of(0, List.of(NODE, NODE)), "the broker 1 more than once");
        wrong.forEach((assignments, reason) -> assertRefused(
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                reason,
                controller.createTopic(image, new NewTopic("new", -1, (short) -1, assignments, Map.of()), ID)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", textBlock = """
        foo                   | bar  | Unknown topic config name: foo
        retention.ms          | abc  | Invalid value abc for configuration retention.ms
        remote.storage.enable | true | tiered storage is not available
        """)
    void settingsOfNewTopicsAreChecked(String name, String value, String reason) {
        assertRefused(
                ErrorCode.INVALID_CONFIG, reason, controller.createTopic(image, topic("new", Map.of(name, value)), ID));
    }

    @Test
    void aNewTopicHasNoSettingsWithoutValue() {
        Map<String, @Nullable String> settings = new HashMap<>();
        settings.put("retention.ms", null);
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "Null value not supported for topic configs: retention.ms",
                controller.createTopic(image, topic("new", settings), ID));
    }

    @Test
    void settingsMustFitTogether() {
        Map<String, @Nullable String> conflict = Map.of("min.compaction.lag.ms", "100", "max.compaction.lag.ms", "50");
        String reason = "min.compaction.lag.ms (100) must not be larger than max.compaction.lag.ms (50)";
        assertRefused(ErrorCode.INVALID_CONFIG, reason, controller.createTopic(image, topic("new", conflict), ID));

        Resource ok = Resource.topic("ok");
        ClusterImage changed = image.replay(controller
                .configure(image, ok, Map.of("min.compaction.lag.ms", "100"))
                .records());
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                reason,
                controller.configure(changed, ok, Map.of("max.compaction.lag.ms", "50")));
    }

    @Test
    void deletesByIdAndOnlyWhatIsThere() {
        assertEquals(
                List.of(new RemoveTopicRecord(new UUID(1, 1))),
                controller.deleteTopic(image, new UUID(1, 1)).records());
        assertRefused(ErrorCode.UNKNOWN_TOPIC_ID, "no topic", controller.deleteTopic(image, ID));
    }

    @Test
    void addsPartitionsBehindThoseThere() {
        Decision decision = controller.createPartitions(image, "ok", 5, null);
        Topic grown = image.replay(decision.records()).topic("ok");
        assertNotNull(grown);
        assertEquals(2, decision.records().size());
        assertEquals(
                List.of(0, 1, 2, 3, 4),
                grown.partitions().stream().map(PartitionRecord::partitionId).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ok   | 3     | INVALID_PARTITIONS         | Topic already has 3 partition(s).
        ok   | 2     | INVALID_PARTITIONS         | currently has 3 partition(s); 2 would not be an increase
        ok   | 0     | INVALID_PARTITIONS         | 0 would not be an increase
        ok   | -1    | INVALID_PARTITIONS         | -1 would not be an increase
        ok   | 10004 | POLICY_VIOLATION           | Excessively large number of partitions
        nope | 2     | UNKNOWN_TOPIC_OR_PARTITION | There is no topic 'nope'
        """)
    void growthIsChecked(String name, int count, ErrorCode error, String reason) {
        assertRefused(error, reason, controller.createPartitions(image, name, count, null));
    }

    @Test
    void assignmentsOfNewPartitionsAreChecked() {
        assertEquals(
                ErrorCode.NONE,
                controller
                        .createPartitions(image, "ok", 4, List.of(List.of(NODE)))
                        .error());
        assertRefused(
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "Attempted to add 2 additional partition(s), but 1 assignment(s)",
                controller.createPartitions(image, "ok", 5, List.of(List.of(NODE))));
        assertRefused(
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "includes broker 2",
                controller.createPartitions(image, "ok", 4, List.of(List.of(NODE, 2))));
    }

    @Test
    void configuresWhatChangesAndNothingElse() {
        Resource ok = Resource.topic("ok");
        Decision set =
                controller.configure(image, ok, Map.of("retention.ms", "5", "cleanup.policy", " compact , delete"));
        assertEquals(
                List.of(
                        new ConfigRecord(Resource.TOPIC, "ok", "cleanup.policy", "compact,delete"),
                        new ConfigRecord(Resource.TOPIC, "ok", "retention.ms", "5")),
                set.records());
        ClusterImage changed = image.replay(set.records());
        assertEquals(
                List.of(),
                controller.configure(changed, ok, Map.of("retention.ms", "5")).records());

        Map<String, @Nullable String> unset = new TreeMap<>();
        unset.put("retention.ms", null);
        unset.put("segment.ms", null);
        assertEquals(
                List.of(new ConfigRecord(Resource.TOPIC, "ok", "retention.ms", null)),
                controller.configure(changed, ok, unset).records());
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "Retention.ms", ""})
    void unknownSettingsAreRefused(String name) {
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "Unknown topic config name: " + name,
                controller.configure(image, Resource.topic("ok"), Map.of(name, "1")));
    }

    @Test
    void anUnknownSettingCanBeUnsetAsOftenAsOneLikes() {
        Map<String, @Nullable String> unset = new TreeMap<>();
        unset.put("foo", null);
        Decision decision = controller.configure(image, Resource.topic("ok"), unset);
        assertEquals(Decision.of(List.of()), decision);
    }

    @Test
    void oneFaultRefusesAllChangesOfATopic() {
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "segment.bytes",
                controller.configure(image, Resource.topic("ok"), Map.of("retention.ms", "5", "segment.bytes", "x")));
    }

    @Test
    void producerIdBlocksDoNotOverlap() {
        Decision first = controller.allocateProducerIds(image);
        assertEquals(List.of(new ProducerIdsRecord(NODE, -1, 1000)), first.records());
        ClusterImage after = image.replay(first.records());
        assertEquals(
                List.of(new ProducerIdsRecord(NODE, -1, 2000)),
                controller.allocateProducerIds(after).records());
    }

    @Test
    void whatIsAcceptedCanAlwaysBeReplayed() {
        Seeds.each(ControllerTest.class, 100, seed -> {
            Random random = new Random(seed);
            ClusterImage now = ClusterImage.EMPTY;
            for (int step = 0; step < 150; step++) {
                now = now.replay(
                        randomDecision(now, random, new UUID(seed, step)).records());
            }
            assertEquals(
                    now.snapshot(), ClusterImage.EMPTY.replay(now.snapshot()).snapshot());
        });
    }

    private Decision randomDecision(ClusterImage now, Random random, UUID id) {
        String name = "t" + "._".charAt(random.nextInt(2)) + random.nextInt(12);
        Topic topic = now.topic(name);
        return switch (random.nextInt(5)) {
            case 0, 1 -> controller.createTopic(now, topic(name, random.nextInt(-2, 6), random.nextInt(-2, 3)), id);
            case 2 -> controller.createPartitions(now, name, random.nextInt(12), null);
            case 3 -> controller.deleteTopic(now, topic == null ? id : topic.id());
            default ->
                topic == null
                        ? controller.allocateProducerIds(now)
                        : controller.configure(
                                now,
                                Resource.topic(name),
                                Map.of("retention.ms", Integer.toString(random.nextInt(-3, 5))));
        };
    }
}
