package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.Throttles.Side;
import io.milena.protocol.record.ConfigRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrottlesTest {
    private static ClusterImage with(Resource resource, String name, String value) {
        return ClusterImage.EMPTY.replay(List.of(new ConfigRecord(resource.type(), resource.name(), name, value)));
    }

    @Test
    void aRateIsTheBrokersOwnOrThatOfAllOrNone() {
        String rate = "leader.replication.throttled.rate";
        assertEquals(Throttles.UNLIMITED, Throttles.rate(ClusterImage.EMPTY, 1, Side.LEADER));
        ClusterImage all = with(Resource.allBrokers(), rate, "500");
        assertEquals(500, Throttles.rate(all, 1, Side.LEADER));
        ClusterImage one = all.replay(List.of(new ConfigRecord(Resource.BROKER, "1", rate, "7")));
        assertEquals(7, Throttles.rate(one, 1, Side.LEADER));
        assertEquals(500, Throttles.rate(one, 2, Side.LEADER));
        assertEquals(Throttles.UNLIMITED, Throttles.rate(one, 1, Side.FOLLOWER));
    }

    @Test
    void theReplicasOfATopicAreNamedOrAll() {
        ClusterImage some = with(Resource.topic("t"), "follower.replication.throttled.replicas", "0:1,1:12");
        assertTrue(Throttles.isThrottled(some, "t", 0, 1, Side.FOLLOWER));
        assertTrue(Throttles.isThrottled(some, "t", 1, 12, Side.FOLLOWER));
        assertFalse(Throttles.isThrottled(some, "t", 1, 1, Side.FOLLOWER));
        assertFalse(Throttles.isThrottled(some, "t", 0, 1, Side.LEADER));
        assertFalse(Throttles.isThrottled(some, "other", 0, 1, Side.FOLLOWER));
        ClusterImage all = with(Resource.topic("t"), "leader.replication.throttled.replicas", "*");
        assertTrue(Throttles.isThrottled(all, "t", 9, 9, Side.LEADER));
    }
}
