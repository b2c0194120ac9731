package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.FeatureUpdates.Levels;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.milena.protocol.record.ConfigRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Given a partition on three brokers, two of which must be in sync; the errors are those of Apache Kafka 4.3.1. */
class EligibleLeadersTest {
    private static final String MIN = "min.insync.replicas";
    private static final byte UPGRADE = 1;
    private static final byte SAFE_DOWNGRADE = 2;

    private final TestCluster cluster =
            TestCluster.of(3).topic("t", TestCluster.TOPIC, Map.of(MIN, "2"), List.of(List.of(0, 1, 2)));

    private ErrorCode set(int level, byte type) {
        var outcome = new FeatureUpdates(
                        cluster.settings, Map.of(EligibleLeaders.FEATURE, new Levels((short) 0, (short) 1)))
                .update(
                        cluster.image,
                        UpdateFeaturesRequest.builder()
                                .featureUpdates(List.of(
                                        new FeatureUpdateKey(EligibleLeaders.FEATURE, (short) level, false, type)))
                                .build(),
                        (short) 2);
        cluster.replay(outcome.records());
        return ErrorCode.of(outcome.answer().errorCode());
    }

    private Decision configure(Resource resource, String name, @Nullable String value) {
        Map<String, @Nullable String> change = new HashMap<>();
        change.put(name, value);
        Decision decision = cluster.controller.configure(cluster.image, resource, change);
        cluster.replay(decision.records());
        return decision;
    }

    private void assertRefused(String reason, Decision decision) {
        assertEquals(ErrorCode.INVALID_CONFIG, decision.error());
        assertEquals(reason, decision.message());
    }

    @Test
    void theClusterGetsANumberAndSingleBrokersLoseTheirs() {
        cluster.replay(List.<Message>of(new ConfigRecord(Resource.BROKER, "1", MIN, "3")));
        assertEquals(ErrorCode.NONE, set(1, UPGRADE));
        assertEquals(Map.of(MIN, "1"), cluster.image.settings(Resource.allBrokers()));
        assertEquals(Map.of(), cluster.image.settings(Resource.broker(1)));
    }

    @Test
    void aNumberThatTheClusterHasStays() {
        configure(Resource.allBrokers(), MIN, "2");
        assertEquals(ErrorCode.NONE, set(1, UPGRADE));
        assertEquals(Map.of(MIN, "2"), cluster.image.settings(Resource.allBrokers()));
    }

    @Test
    void theClusterKeepsANumberAndNoBrokerHasOneOfItsOwn() {
        set(1, UPGRADE);
        assertRefused(
                "Broker-level min.insync.replicas cannot be altered while ELR is enabled.",
                configure(Resource.broker(1), MIN, "2"));
        assertRefused(
                "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.",
                configure(Resource.allBrokers(), MIN, null));
        assertEquals(ErrorCode.NONE, configure(Resource.allBrokers(), MIN, "2").error());
        assertEquals(Map.of(MIN, "2"), cluster.image.settings(Resource.allBrokers()));
    }

    @Test
    void nobodyIsEligibleByAnEarlierNumber() {
        set(1, UPGRADE);
        cluster.fence(1, 2);
        assertEquals("leader 0 epoch 0 isr 0 elr 1,2", cluster.story());
        configure(Resource.topic("t"), "retention.ms", "1000");
        assertEquals("leader 0 epoch 0 isr 0 elr 1,2", cluster.story());
        configure(Resource.topic("t"), MIN, "1");
        assertEquals("leader 0 epoch 0 isr 0", cluster.story());
        configure(Resource.topic("t"), MIN, "3");
        cluster.fence(0);
        assertEquals("leader -1 epoch 1 isr  elr 0 last 0", cluster.story());
        configure(Resource.allBrokers(), MIN, "3");
        configure(Resource.topic("t"), MIN, "1");
        assertEquals("leader -1 epoch 1 isr  elr 0 last 0", cluster.story());
        cluster.unfence(0);
        assertEquals("leader 0 epoch 2 isr 0", cluster.story());
    }

    @Test
    void withoutTheFeatureThoseWhoWereEligibleAreTheOnesThatWereInSyncLast() {
        set(1, UPGRADE);
        cluster.fence(0, 1);
        cluster.fence(2);
        assertEquals("leader -1 epoch 2 isr  elr 0,1,2 last 2", cluster.story());
        assertEquals(ErrorCode.NONE, set(0, SAFE_DOWNGRADE));
        assertEquals("leader -1 epoch 2 isr 0,1,2", cluster.story());
        cluster.unfence(1);
        assertEquals("leader 1 epoch 3 isr 0,1,2", cluster.story());
    }
}
