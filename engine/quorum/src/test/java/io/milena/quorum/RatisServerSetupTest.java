package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.retry.RetryPolicy;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.Test;

class RatisServerSetupTest {
    private static final List<Integer> FAILURES = List.of(11, 12, 31, 100, 1_031, 1_000_000, 2_000_000_000);

    /** However long it was away: the leader tries again before the follower that is back would ask for votes, and not before a heartbeat is due. */
    @Test
    void aFollowerThatWasAwayIsCalledBeforeItGivesTheLeaderUp() {
        Peer self = new Peer(1, "localhost", 9_093);
        QuorumSettings settings = new QuorumSettings(QuorumOfThree.CLUSTER, self, List.of(self));
        RetryPolicy again = RetryPolicy.parse(
                RaftServerConfigKeys.Log.Appender.retryPolicy(RatisServerSetup.properties(settings, "unused")),
                RaftServerConfigKeys.Log.Appender.RETRY_POLICY_KEY);
        long electionMicros = 1_000L * settings.timeouts().electionMin();
        for (int failures : FAILURES) {
            long pauseMicros =
                    again.handleAttemptFailure(() -> failures).getSleepTime().toLong(TimeUnit.MICROSECONDS);
            String told = "after " + failures + " failures it waits for " + pauseMicros + " µs";
            assertTrue(pauseMicros < electionMicros, told);
            assertTrue(4 * pauseMicros >= electionMicros, told);
        }
    }
}
