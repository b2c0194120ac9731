package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings of a topic may be, when it is created and when they are changed, and how they are shown. */
class TopicSettingsTest {
    private static final String NOTHING = "EMPTY";

    private static Admin admin;
    private static ConfigResource topic;

    @BeforeAll
    static void create() {
        admin = BrokerUnderTest.admin();
        try (RawPartition created = RawPartition.create(Map.of())) {
            topic = new ConfigResource(ConfigResource.Type.TOPIC, created.topic());
        }
    }

    @AfterAll
    static void close() {
        admin.close();
    }

    /** {@value #NOTHING} stands for an empty value, an underscore for a space. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        cleanup.policy                  | delete compact compact,delete delete,compact _delete_,_compact_ delete,delete EMPTY | Delete COMPACT delete, , none delete;compact
        compression.gzip.level          | -1 1 6 9                                  | -2 0 10 x EMPTY
        compression.lz4.level           | 1 9 17                                    | -1 0 18 x EMPTY
        compression.type                | uncompressed zstd lz4 snappy gzip producer _gzip_ | none GZIP gzip,lz4 EMPTY
        compression.zstd.level          | -131072 -1 0 1 3 22                       | -131073 23 x EMPTY
        delete.retention.ms             | 0 1 +1 01 _1_ 9223372036854775807         | -1 1.0 1e3 0x10 1L 9223372036854775808 EMPTY x
        file.delete.delay.ms            | 0 1 9223372036854775807                   | -1 EMPTY x
        flush.messages                  | 1 9223372036854775807                     | -1 0 EMPTY x
        flush.ms                        | 0 9223372036854775807                     | -1 EMPTY x
        index.interval.bytes            | 0 1 2147483647                            | -1 2147483648 EMPTY x
        leader.replication.throttled.replicas   | * EMPTY 0:1 0:1,1:2 _0:1_,_1:2_ 0:1,0:1 0:1, | 0:1,* a:b 0 0: -1:0 0:1:2
        follower.replication.throttled.replicas | * EMPTY 0:1 0:1,1:2               | 0:1,* a:b
        local.retention.bytes           | -2 -1 0 9223372036854775807               | -3 EMPTY x
        local.retention.ms              | -2 -1 0 9223372036854775807               | -3 EMPTY x
        max.compaction.lag.ms           | 1 9223372036854775807                     | -1 0 EMPTY x
        max.message.bytes               | 0 1 2147483647                            | -1 2147483648 1.0 EMPTY x
        message.timestamp.after.max.ms  | 0 9223372036854775807                     | -1 EMPTY x
        message.timestamp.before.max.ms | 0 9223372036854775807                     | -1 EMPTY x
        message.timestamp.type          | CreateTime LogAppendTime _CreateTime_     | createtime CREATE_TIME NoTimestampType 0 EMPTY
        min.cleanable.dirty.ratio       | 0 0.0 .5 1 1.0 1e-3 0.5d                  | -0.1 1.0001 Infinity 0,5 EMPTY x
        min.compaction.lag.ms           | 0 9223372036854775807                     | -1 EMPTY x
        min.insync.replicas             | 1 3 2147483647                            | 0 -1 2147483648 EMPTY x
        preallocate                     | true false TRUE _true_                    | yes 1 0 EMPTY
        remote.log.copy.disable         | true false                                | yes EMPTY
        remote.log.delete.on.disable    | true false                                | yes EMPTY
        remote.storage.enable           | false False                               | true TRUE yes EMPTY
        retention.bytes                 | -9223372036854775808 -2 -1 0 9223372036854775807 | 1.0 9223372036854775808 EMPTY x
        retention.ms                    | -1 0 9223372036854775807                  | -2 -9223372036854775808 9223372036854775808 EMPTY x
        segment.bytes                   | 1048576 2147483647                        | -1 0 1 1023 2147483648 EMPTY x
        segment.index.bytes             | 4 2147483647                              | -1 0 3 2147483648 EMPTY x
        segment.jitter.ms               | 0 9223372036854775807                     | -1 EMPTY x
        segment.ms                      | 1 9223372036854775807                     | -1 0 EMPTY x
        unclean.leader.election.enable  | true false                                | yes EMPTY
        """)
    void aSettingMayBeWhatApacheKafkaAllows(String name, String allowed, String refused) throws Exception {
        for (String value : values(allowed)) {
            for (KafkaFuture<?> outcome : tried(name, value)) {
                outcome.get();
            }
        }
        for (String value : values(refused)) {
            for (KafkaFuture<?> outcome : tried(name, value)) {
                String message = refusal(InvalidConfigurationException.class, outcome);
                // Of tiered storage Apache Kafka says that the broker has none
                assertTrue(message.contains(name) || message.contains("Tiered Storage"), message);
            }
        }
    }

    private static List<String> values(String list) {
        return Stream.of(list.split(" "))
                .map(value -> value.equals(NOTHING) ? "" : value.replace('_', ' '))
                .toList();
    }

    /** Twice, without doing it: when a topic is created, and when a setting is changed. */
    private static List<KafkaFuture<?>> tried(String name, String value) {
        NewTopic probe = new NewTopic("probe", 1, (short) 1).configs(Map.of(name, value));
        return List.of(
                admin.createTopics(List.of(probe), new CreateTopicsOptions().validateOnly(true))
                        .all(),
                admin.incrementalAlterConfigs(
                                Map.of(topic, List.of(op(name, value, OpType.SET))),
                                new AlterConfigsOptions().validateOnly(true))
                        .all());
    }

    private static AlterConfigOp op(String name, String value, OpType type) {
        return new AlterConfigOp(new ConfigEntry(name, value), type);
    }

    private static String refusal(Class<? extends Exception> type, KafkaFuture<?> outcome) {
        Throwable cause = assertThrows(ExecutionException.class, outcome::get).getCause();
        return String.valueOf(assertInstanceOf(type, cause).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
        cleanup.policy| delete , compact |delete,compact
        cleanup.policy|delete,delete|delete
        cleanup.policy|''|''
        compression.type| gzip |gzip
        min.cleanable.dirty.ratio|.5|0.5
        min.cleanable.dirty.ratio|1|1.0
        preallocate|TRUE|true
        retention.bytes|-2|-2
        retention.ms|+01|1
        retention.ms| 1000 |1000
        """)
    void aSettingIsShownInOneForm(String name, String given, String shown) throws Exception {
        admin.incrementalAlterConfigs(Map.of(topic, List.of(op(name, given, OpType.SET))))
                .all()
                .get();
        awaitShown(name, shown);
    }

    /** Apache Kafka's brokers learn of a change a moment after it is answered. */
    private static void awaitShown(String name, String value) {
        BrokerUnderTest.await(name + " is <" + value + ">", () -> value.equals(shown(name)));
    }

    private static String shown(String name) {
        try {
            ConfigEntry entry =
                    admin.describeConfigs(List.of(topic)).all().get().get(topic).get(name);
            return entry == null ? "" : entry.value();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void listsGrowAndShrinkItemByItem() throws Exception {
        alter("cleanup.policy", "delete", OpType.SET);
        awaitShown("cleanup.policy", "delete");
        alter("cleanup.policy", "compact", OpType.APPEND);
        awaitShown("cleanup.policy", "delete,compact");
        alter("cleanup.policy", "delete", OpType.SUBTRACT);
        awaitShown("cleanup.policy", "compact");
        alter("cleanup.policy", "foo", OpType.SUBTRACT);
        alter("cleanup.policy", "", OpType.DELETE);
        awaitShown("cleanup.policy", "delete");
        refusal(InvalidConfigurationException.class, altered(op("cleanup.policy", "foo", OpType.APPEND)));
        refusal(InvalidConfigurationException.class, altered(op("retention.ms", "1", OpType.APPEND)));
        refusal(InvalidConfigurationException.class, altered(op("no.such", "1", OpType.SUBTRACT)));
    }

    private static void alter(String name, String value, OpType type) throws Exception {
        altered(op(name, value, type)).get();
    }

    private static KafkaFuture<Void> altered(AlterConfigOp... changes) {
        return admin.incrementalAlterConfigs(Map.of(topic, List.of(changes))).all();
    }

    @Test
    void whatIsUnknownCanBeUnsetButNotSet() throws Exception {
        alter("no.such", "", OpType.DELETE);
        for (String name : List.of("no.such", "RETENTION.MS", "log.retention.ms", "message.format.version", "")) {
            for (KafkaFuture<?> outcome : tried(name, "1")) {
                assertTrue(refusal(InvalidConfigurationException.class, outcome).contains(name));
            }
        }
    }

    @Test
    void changesThatMakeNoSenseAreRefusedAsAWhole() {
        alterAndRefuse(
                InvalidRequestException.class,
                op("retention.ms", "1", OpType.SET),
                op("retention.ms", "2", OpType.SET));
        alterAndRefuse(
                InvalidConfigurationException.class,
                op("min.compaction.lag.ms", "10", OpType.SET),
                op("max.compaction.lag.ms", "9", OpType.SET));
        alterAndRefuse(
                InvalidConfigurationException.class,
                op("flush.messages", "77", OpType.SET),
                op("segment.bytes", "x", OpType.SET));
        assertEquals(Long.toString(Long.MAX_VALUE), shown("flush.messages"));
        for (Map.Entry<String, Class<? extends Exception>> wrong : Map.<String, Class<? extends Exception>>of(
                        "nobodys", UnknownTopicOrPartitionException.class, "", InvalidRequestException.class)
                .entrySet()) {
            ConfigResource other = new ConfigResource(ConfigResource.Type.TOPIC, wrong.getKey());
            refusal(
                    wrong.getValue(),
                    admin.incrementalAlterConfigs(Map.of(other, List.of(op("retention.ms", "1", OpType.SET))))
                            .all());
        }
    }

    private static void alterAndRefuse(Class<? extends Exception> type, AlterConfigOp... changes) {
        refusal(type, altered(changes));
    }
}
