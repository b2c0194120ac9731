package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.junit.jupiter.api.Test;

/** Settings of one consumer group. Run against Apache Kafka with the settings of {@link ConsumerProtocolTest}. */
class GroupSettingsTest {
    private static final String HEARTBEAT = "consumer.heartbeat.interval.ms";
    private static final String SESSION = "consumer.session.timeout.ms";

    private final String group = BrokerUnderTest.freshName("group");
    private final ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);

    private void alter(Admin admin, AlterConfigOp.OpType operation, String name, String value) throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), operation))))
                .all()
                .get();
    }

    private ConfigEntry describe(Admin admin, String name) throws Exception {
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name);
    }

    private Set<String> groupsWithSettings(Admin admin) throws Exception {
        return admin
                .listConfigResources(Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                .all()
                .get()
                .stream()
                .map(ConfigResource::name)
                .collect(Collectors.toSet());
    }

    /** Of the group, found out by joining it; the answer to a member tells it. */
    private int heartbeatIntervalMs(String topic) {
        ConsumerGroupHeartbeatRequestData join = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId("member")
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(10_000)
                .setSubscribedTopicNames(List.of(topic))
                .setTopicPartitions(List.of());
        try (Wire wire = new Wire()) {
            ConsumerGroupHeartbeatResponseData answer = wire.ask(join, 1, ConsumerGroupHeartbeatResponseData::new);
            assertEquals(0, answer.errorCode(), answer.errorMessage());
            return answer.heartbeatIntervalMs();
        }
    }

    @Test
    void aGroupHasItsOwnIntervalOfHeartbeats() throws Exception {
        String topic = BrokerUnderTest.newTopic(1);
        try (Admin admin = BrokerUnderTest.admin()) {
            ConfigEntry before = describe(admin, HEARTBEAT);
            assertEquals("200", before.value());
            BrokerUnderTest.await("a place for groups", () -> !isRefused(topic));
            alter(admin, AlterConfigOp.OpType.SET, HEARTBEAT, "700");

            assertEquals("700", describe(admin, HEARTBEAT).value());
            assertEquals(
                    ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG,
                    describe(admin, HEARTBEAT).source());
            assertEquals(Set.of(group), retained(groupsWithSettings(admin)));
            BrokerUnderTest.await("the interval", () -> heartbeatIntervalMs(topic) == 700);

            alter(admin, AlterConfigOp.OpType.DELETE, HEARTBEAT, "");
            assertEquals("200", describe(admin, HEARTBEAT).value());
            BrokerUnderTest.await("the broker's interval", () -> heartbeatIntervalMs(topic) == 200);
        }
    }

    /** The first group on a broker makes the place where groups are. */
    private boolean isRefused(String topic) {
        try {
            heartbeatIntervalMs(topic);
            return false;
        } catch (AssertionError notYet) {
            return true;
        }
    }

    private Set<String> retained(Set<String> names) {
        return names.stream().filter(group::equals).collect(Collectors.toSet());
    }

    @Test
    void whatIsNoSettingOfAGroupIsRefused() throws Exception {
        try (Admin admin = BrokerUnderTest.admin()) {
            refuse(admin, "retention.ms", "1");
            refuse(admin, SESSION, "soon");
            refuse(admin, SESSION, "-1");
            assertEquals(Set.of(), retained(groupsWithSettings(admin)));
        }
    }

    private void refuse(Admin admin, String name, String value) {
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> alter(admin, AlterConfigOp.OpType.SET, name, value));
        assertInstanceOf(InvalidConfigurationException.class, refused.getCause());
    }
}
