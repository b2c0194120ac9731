package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voters that would wait ten minutes for a silent leader, so that only a broken connection can tell them that it is gone. */
class LeaderWatchTest {
    /** Much more than an election takes, and much less than anybody's patience. */
    private static final int ELECTION_MS = 60_000;

    @TempDir
    private Path directory;

    /** An election can elect nobody, as when two begin at once although their turns are half a second apart; only time would tell then, which it does not here. Not three times in a row. */
    @Test
    void aLeaderWhoseConnectionsBreakIsReplacedWithoutWaitingForItsSilence() throws Exception {
        assertTrue(isReplaced("first") || isReplaced("second") || isReplaced("third"));
    }

    private boolean isReplaced(String attempt) throws Exception {
        try (QuorumOfThree quorum = new QuorumOfThree(directory.resolve(attempt))) {
            quorum.start(1, 2, 3);
            quorum.append("a");
            int leader = quorum.awaitLeader();
            quorum.haveMuchPatience();
            for (int id = 1; id <= 3; id++) {
                if (id != leader) {
                    quorum.stop(id);
                    quorum.start(id);
                    quorum.append("after " + id);
                    List<String> all = quorum.listener(leader).heard();
                    quorum.listener(id).awaitHeard(all);
                }
            }
            assertEquals(leader, quorum.awaitLeader());
            int epoch = quorum.log(leader).epoch();

            quorum.stop(leader);

            return quorum.leaderWithin(ELECTION_MS, epoch).isPresent();
        }
    }
}
