package io.milena.quorum;

import static io.milena.quorum.QuorumOfThree.CLUSTER;
import static io.milena.quorum.QuorumOfThree.numbered;
import static io.milena.quorum.RecordingListener.awaitPolling;
import static io.milena.quorum.RecordingListener.records;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.HandClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voters and observers that come and go while the quorum runs, and the single node that becomes the first of several. */
class QuorumMembersTest {
    @TempDir
    private Path directory;

    private QuorumOfThree quorum;

    @BeforeEach
    void prepare() throws IOException {
        quorum = new QuorumOfThree(directory);
    }

    @AfterEach
    void close() throws IOException {
        quorum.close();
    }

    private List<Integer> voters() throws Exception {
        return quorum.log(quorum.awaitLeader()).quorum().voters().stream()
                .map(voter -> voter.peer().id())
                .toList();
    }

    private List<Integer> observers() throws Exception {
        return quorum.log(quorum.awaitLeader()).quorum().observers().stream()
                .map(observer -> observer.peer().id())
                .toList();
    }

    /** For who has asked a member that does not lead: the leader hears a little later that the new one knows that it has a vote. */
    private void awaitVoters(Integer... ids) throws Exception {
        awaitPolling(() -> hasVoters(List.of(ids)), "the leader to count on the voters " + List.of(ids));
    }

    private boolean hasVoters(List<Integer> ids) {
        try {
            return voters().equals(ids);
        } catch (Exception e) {
            return false; // another leads by now
        }
    }

    @Test
    void anObserverHearsEverythingAndHasNoVote() throws Exception {
        quorum.start(1, 2, 3);
        quorum.append("a", "b");
        // It asks for itself, knowing one of the voters, which does not lead.
        Peer voter = quorum.peer(quorum.followerOf(quorum.awaitLeader()));
        quorum.start(4, List.of(voter)).addObserver(quorum.peer(4));
        quorum.append("c");
        quorum.listener(4).awaitHeard(List.of("a", "b", "c"));
        assertEquals(List.of(4), observers());
        assertEquals(List.of(1, 2, 3), voters());
        RecordingListener listener = quorum.listener(4);
        listener.await(() -> listener.leadership().leaderId() != Leadership.NOBODY, "hearing who leads");
        assertThrows(
                NotLeadingException.class,
                () -> quorum.log(4).append(records("d"), quorum.log(4).epoch()));

        // A restart is no reason to be added again, and a broker that is gone holds nobody up.
        quorum.stop(4);
        quorum.append("e");
        quorum.start(4, List.of(voter));
        quorum.listener(4).awaitHeard(List.of("a", "b", "c", "e"));
        awaitPolling(() -> observerEnd() == 4, "the leader to know");
        quorum.stop(4);
        quorum.log(1).remove(4);
        assertEquals(List.of(), observers());
    }

    private long observerEnd() {
        try {
            return quorum.log(quorum.awaitLeader())
                    .quorum()
                    .observers()
                    .getFirst()
                    .endOffset();
        } catch (IOException | InterruptedException e) {
            return Quorum.UNKNOWN;
        }
    }

    @Test
    void votersAreAddedAndRemovedWhileItRuns() throws Exception {
        quorum.start(1, 2, 3);
        quorum.append("a");
        quorum.start(4, List.of(quorum.peer(1), quorum.peer(2), quorum.peer(3))).addVoter(quorum.peer(4));
        awaitVoters(1, 2, 3, 4);
        quorum.log(1).addVoter(quorum.peer(4));
        assertEquals(List.of(1, 2, 3, 4), voters());
        // Three of four is a majority with the new one only.
        int gone = quorum.awaitLeader() == 1 ? 2 : 1;
        quorum.stop(gone);
        quorum.append("b");
        quorum.listener(4).awaitHeard(List.of("a", "b"));
        quorum.log(4).remove(gone);
        assertEquals(3, voters().size());
        assertTrue(!voters().contains(gone));
        quorum.append("c");
        quorum.listener(4).awaitHeard(List.of("a", "b", "c"));
    }

    @Test
    void anObserverBecomesAVoter() throws Exception {
        quorum.start(1, 2, 3);
        quorum.append("a");
        quorum.start(4, List.of(quorum.peer(1))).addObserver(quorum.peer(4));
        quorum.log(4).addVoter(quorum.peer(4));
        awaitVoters(1, 2, 3, 4);
        assertEquals(List.of(), observers());
        // Three of four is a majority with the new one only.
        int gone = quorum.awaitLeader() == 1 ? 2 : 1;
        quorum.stop(gone);
        quorum.append("b");
        quorum.listener(4).awaitHeard(List.of("a", "b"));
        assertThrows(IOException.class, () -> quorum.log(4).addObserver(quorum.peer(4)));
    }

    @Test
    void observersBecomeVotersTogether() throws Exception {
        List<Peer> first = List.of(quorum.peer(1));
        quorum.start(1, first);
        quorum.append("a");
        quorum.start(2, first).join();
        quorum.start(3, first).join();
        assertEquals(List.of(2, 3), observers());
        quorum.log(1).promote(Set.of(2, 3, 4));
        assertEquals(List.of(1, 2, 3), voters());
        assertEquals(List.of(), observers());
        quorum.log(3).join();
        assertEquals(List.of(1, 2, 3), voters());
        // Both have heard that they have a vote, so that the first one is not needed any more.
        quorum.stop(1);
        quorum.append("b");
        quorum.listener(3).awaitHeard(List.of("a", "b"));
    }

    @Test
    void theLeaderCanBeRemoved() throws Exception {
        quorum.start(1, 2, 3);
        quorum.append("a");
        int leader = quorum.awaitLeader();
        int epoch = quorum.log(leader).epoch();
        quorum.log(leader).remove(leader);
        quorum.stop(leader);
        quorum.awaitLeader(epoch);
        quorum.append("b");
        assertTrue(!voters().contains(leader));
    }

    @Test
    void aMemberOfAnotherClusterIsRefusedOnBothSides() throws Exception {
        quorum.start(1, 2, 3);
        quorum.append("a");
        quorum.start(4, "another cluster", List.of(quorum.peer(1)));
        IOException asked = assertThrows(
                IOException.class, () -> quorum.log(quorum.awaitLeader()).addVoter(quorum.peer(4)));
        assertTrue(
                asked.toString().contains("node 4") && asked.toString().contains("another cluster"), asked::toString);
        IOException asking = assertThrows(IOException.class, () -> quorum.log(4).addObserver(quorum.peer(4)));
        assertTrue(
                asking.toString().contains("node 1") && asking.toString().contains("another cluster"),
                asking::toString);
        assertEquals(List.of(), quorum.listener(4).heard());
        assertEquals(List.of(1, 2, 3), voters());
    }

    @Test
    void whoCannotBeReachedIsNotAdded() throws Exception {
        quorum.start(1, 2, 3);
        quorum.append("a");
        IOException error = assertThrows(
                IOException.class, () -> quorum.log(quorum.awaitLeader()).addVoter(quorum.peer(5)));
        assertTrue(error.toString().contains("cannot be reached"), error::toString);
        quorum.append("b");
    }

    @Test
    void aSingleNodeBecomesTheFirstOfThree() throws Exception {
        HandClock clock = new HandClock();
        Peer self = quorum.peer(1);
        int localEpoch;
        try (LocalMetadataLog local = LocalMetadataLog.open(quorum.data(1), clock, self, new RecordingListener())) {
            local.append(records("a", "b", "c"));
            local.snapshot(records("abc"));
            local.append(records("d"));
            localEpoch = local.epoch();
        }
        IOException tooEarly = assertThrows(IOException.class, () -> quorum.start(1, List.of(self)));
        assertTrue(tooEarly.toString().contains("has to be migrated"), tooEarly::toString);
        RatisMetadataLog.migrate(quorum.data(1), CLUSTER, clock);
        RatisMetadataLog.migrate(quorum.data(1), CLUSTER, clock);

        quorum.start(1, List.of(self));

        assertEquals(1, quorum.awaitLeader());
        assertEquals(List.of("abc", "d"), quorum.listener(1).heard());
        assertEquals(4, quorum.log(1).endOffset());
        assertTrue(quorum.log(1).epoch() > localEpoch);
        assertEquals(4, quorum.log(1).append(records("e")));
        IOException back =
                assertThrows(IOException.class, () -> LocalMetadataLog.open(quorum.data(1), clock, record -> {}));
        assertTrue(back.toString().contains("has become the log of a quorum"), back::toString);

        for (int id : List.of(2, 3)) {
            quorum.start(id, List.of(self)).addVoter(quorum.peer(id));
        }
        awaitVoters(1, 2, 3);
        quorum.append(numbered("more", 3));
        for (int id = 1; id <= 3; id++) {
            quorum.listener(id).awaitHeard(List.of("abc", "d", "e", "more 0", "more 1", "more 2"));
        }
        // The first one is not needed any more.
        quorum.stop(1);
        quorum.append("f");
        assertEquals(9, quorum.log(quorum.awaitLeader()).endOffset());
    }
}
