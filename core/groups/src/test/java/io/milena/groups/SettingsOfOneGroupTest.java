package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Settings that one group has for itself, and others do not. */
class SettingsOfOneGroupTest {
    private static final String SESSION = "consumer.session.timeout.ms";
    private static final String HEARTBEAT = "consumer.heartbeat.interval.ms";

    private final ConsumerClient client = new ConsumerClient(ConsumerHost.GROUP, "m", null, List.of("orders"));

    /** One topic, and settings of the group of these tests. */
    private record Settled(TopicTable table, Map<String, String> own) implements Topics {
        static Settled of(Map<String, String> own) {
            return new Settled(TopicTable.of("orders:2"), own);
        }

        @Override
        public @Nullable Topic topic(String name) {
            return table.topic(name);
        }

        @Override
        public @Nullable Topic topic(UUID id) {
            return table.topic(id);
        }

        @Override
        public List<String> names() {
            return table.names();
        }

        @Override
        public Map<String, String> settingsOf(String groupId) {
            return groupId.equals(ConsumerHost.GROUP) ? own : Map.of();
        }
    }

    private static void advance(ConsumerHost host, long ms) {
        host.host().advanceTo(host.host().nowMs() + ms);
    }

    @Test
    void membersAreAskedForHeartbeatsAsTheirGroupWants() {
        ConsumerHost host = new ConsumerHost(Settled.of(Map.of(HEARTBEAT, "700")));
        assertEquals(700, host.send(client.request()).heartbeatIntervalMs());
        ConsumerClient other = new ConsumerClient("another", "m", null, List.of("orders"));
        assertEquals(5_000, host.send(other.request()).heartbeatIntervalMs());
    }

    @Test
    void aMemberIsOutWhenItsGroupsTimeIsOver() {
        ConsumerHost host = new ConsumerHost(Settled.of(Map.of(SESSION, "8000")));
        host.beat(client);
        advance(host, 7_999);
        assertNotNull(host.group().member("m"));
        advance(host, 1);
        assertNull(host.group().member("m"));
    }

    @Test
    void whatIsSetLaterCountsFromTheNextHeartbeatOn() {
        ConsumerHost host = new ConsumerHost(Settled.of(Map.of()));
        host.beat(client);
        host.host().topics(Settled.of(Map.of(SESSION, "8000")));
        host.beat(client);
        advance(host, 8_000);
        assertNull(host.group().member("m"));
    }

    @Test
    void itCountsAtTheNextCoordinatorToo() {
        ConsumerHost host = new ConsumerHost(Settled.of(Map.of(SESSION, "8000")));
        host.beat(client);
        host.host().restart();
        advance(host, 8_000);
        assertNull(host.group().member("m"));
    }

    /** The other one is the broker's, and may not go with it. */
    @Test
    void heartbeatsComeWithinASessionThatIsShorterThanTheBrokersInterval() {
        ConsumerHost host = new ConsumerHost(Settled.of(Map.of(SESSION, "3000")));
        assertEquals(1_000, host.send(client.request()).heartbeatIntervalMs());
    }
}
