package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voters that would wait ten minutes for a silent leader, so that only a broken connection can tell them that it is gone. */
class LeaderWatchTest {
    @TempDir
    private Path directory;

    @Test
    void aLeaderWhoseConnectionsBreakIsReplacedWithoutWaitingForItsSilence() throws Exception {
        try (QuorumOfThree quorum = new QuorumOfThree(directory)) {
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

            assertNotEquals(leader, quorum.awaitLeader(epoch));
        }
    }
}
