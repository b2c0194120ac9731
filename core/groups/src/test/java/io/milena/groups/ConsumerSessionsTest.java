package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long members of consumer groups are believed to live. */
class ConsumerSessionsTest {
    private static final long SESSION_MS = ConsumerSettings.defaults().sessionTimeoutMs();

    private final ConsumerHost host = new ConsumerHost(TopicTable.of("orders:2"));
    private final ConsumerClient first = client("first");
    private final ConsumerClient second = client("second");

    private static ConsumerClient client(String memberId) {
        return new ConsumerClient(ConsumerHost.GROUP, memberId, null, List.of("orders"));
    }

    private void advance(long ms) {
        host.host().advanceTo(host.host().nowMs() + ms);
    }

    /** It begins the group, and is gone before anybody else comes: what it had goes to the next one. */
    @Test
    void whoIsHeardOfOnceIsOutWhenItsSessionIsOver() {
        host.beat(first);
        advance(SESSION_MS - 1);
        assertNotNull(host.group().member("first"));
        advance(1);
        assertNull(host.group().member("first"));
        host.beat(second);
        assertEquals(2, second.owned().size());
    }

    @Test
    void eachHeartbeatBeginsASession() {
        host.beat(first);
        for (int i = 0; i < 3; i++) {
            advance(SESSION_MS - 1);
            host.beat(first);
        }
        assertNotNull(host.group().member("first"));
        advance(SESSION_MS);
        assertNull(host.group().member("first"));
    }

    /** What could not be written down did not happen: there is no group, and whoever comes again begins it. */
    @Test
    void aGroupThatCouldNotBeWrittenDownIsNone() {
        host.host().failNextAppend(ErrorCode.KAFKA_STORAGE_ERROR);
        assertEquals(ErrorCode.NOT_COORDINATOR, host.errorOf(first.request()));
        assertNull(host.shard().groups().consumerGroup(ConsumerHost.GROUP));
        host.beat(first);
        advance(SESSION_MS);
        assertNull(host.group().member("first"));
    }

    /** Its first session ends before it is a member, and must not be taken for the one that begins when it is. */
    @Test
    void whoseJoiningCouldNotBeWrittenDownHasASessionWhenItJoinsLater() {
        host.beat(first);
        host.host().failNextAppend(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertEquals(ErrorCode.COORDINATOR_NOT_AVAILABLE, host.errorOf(second.request()));
        advance(SESSION_MS / 2);
        host.beat(first);
        advance(SESSION_MS - 1);
        host.beat(first);
        host.beat(second);
        advance(SESSION_MS - 1);
        host.beat(first);
        assertNotNull(host.group().member("second"));
        advance(1);
        assertNull(host.group().member("second"));
        host.beat(first);
        assertEquals(2, first.owned().size());
    }
}
