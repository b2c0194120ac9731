package io.milena.quorum;

import static io.milena.quorum.QuorumOfThree.numbered;
import static io.milena.quorum.RecordingListener.records;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters in one process: elections, agreement, and members that were away. */
class RatisQuorumTest {
    @TempDir
    private Path directory;

    private QuorumOfThree quorum;

    @BeforeEach
    void start() throws IOException {
        quorum = new QuorumOfThree(directory);
        quorum.start(1, 2, 3);
    }

    @AfterEach
    void close() throws IOException {
        quorum.close();
    }

    @Test
    void everyVoterHearsTheSameInOrder() throws Exception {
        List<String> texts = List.of(numbered("record", 50));
        quorum.append(texts.toArray(String[]::new));
        for (int id = 1; id <= 3; id++) {
            quorum.listener(id).awaitHeard(texts);
        }
        int leader = quorum.awaitLeader();
        Leadership leadership = quorum.log(leader).leadership();
        for (int id = 1; id <= 3; id++) {
            RecordingListener listener = quorum.listener(id);
            listener.await(() -> listener.leadership().equals(leadership), "hearing who leads");
            assertEquals(50, quorum.log(id).endOffset());
        }
    }

    @Test
    void onlyTheLeaderOfTheEpochAppends() throws Exception {
        int leader = quorum.awaitLeader();
        int epoch = quorum.log(leader).epoch();
        int follower = quorum.followerOf(leader);
        assertThrows(NotLeadingException.class, () -> quorum.log(follower).append(records("a"), epoch));
        assertThrows(NotLeadingException.class, () -> quorum.log(leader).append(records("b"), epoch - 1));
        assertThrows(NotLeadingException.class, () -> quorum.log(follower).quorum());
        quorum.append("c");
        for (int id = 1; id <= 3; id++) {
            quorum.listener(id).awaitHeard(List.of("c"));
        }
    }

    @Test
    void anotherLeadsWhenTheLeaderIsGoneAndNothingCommittedIsLost() throws Exception {
        quorum.append("a", "b");
        int old = quorum.awaitLeader();
        int epoch = quorum.log(old).epoch();
        quorum.stop(old);

        int next = quorum.awaitLeader(epoch);

        assertNotEquals(old, next);
        assertEquals(List.of("a", "b"), quorum.listener(next).heard());
        quorum.append("c");
        // The old one hears by the log what it has missed, and that it leads no more.
        quorum.start(old);
        quorum.listener(old).awaitHeard(List.of("a", "b", "c"));
        int back = old;
        assertThrows(NotLeadingException.class, () -> quorum.log(back).append(records("d"), epoch));
    }

    @Test
    void aMinorityCommitsNothing() throws Exception {
        quorum.append("a");
        int leader = quorum.awaitLeader();
        int epoch = quorum.log(leader).epoch();
        for (int id = 1; id <= 3; id++) {
            if (id != leader) {
                quorum.stop(id);
            }
        }

        assertThrows(IOException.class, () -> quorum.log(leader).append(records("b"), epoch));

        assertEquals(List.of("a"), quorum.listener(leader).heard());
        quorum.listener(leader)
                .await(
                        () -> quorum.listener(leader).leadership().leaderId() == Leadership.NOBODY,
                        "hearing that it leads no more");
        assertThrows(NotLeadingException.class, () -> quorum.log(leader).append(records("c"), epoch));
        // "b" may be committed by the next leader or not, but it is so for all.
        for (int id = 1; id <= 3; id++) {
            if (id != leader) {
                quorum.start(id);
            }
        }
        quorum.awaitLeader(epoch);
        quorum.append("d");
        int last = quorum.awaitLeader();
        List<String> all = quorum.listener(last).heard();
        assertTrue(all.equals(List.of("a", "d")) || all.equals(List.of("a", "b", "d")), all::toString);
        for (int id = 1; id <= 3; id++) {
            quorum.listener(id).awaitHeard(all);
        }
    }

    /** The next file of its log cannot be made. Without a stop it would lead for ever, and commit nothing. */
    @Test
    void aLeaderWhoseDiskFailsLeadsNoMore() throws Exception {
        quorum.append("a");
        int leader = quorum.awaitLeader();
        int epoch = quorum.log(leader).epoch();
        Path current = quorum.current(leader);
        Files.move(current, current.resolveSibling("gone"));
        List<String> acknowledged = new ArrayList<>(List.of("a"));
        IOException error = assertThrows(IOException.class, () -> {
            for (String text : numbered("x".repeat(1_000), 100)) {
                quorum.log(leader).append(records(text), epoch);
                acknowledged.add(text);
            }
        });
        assertTrue(acknowledged.size() < 100, error::toString);

        int next = quorum.awaitLeader(epoch);

        assertNotEquals(leader, next);
        quorum.append("z");
        List<String> heard = quorum.listener(next).heard();
        // One more may have been on its way to the others when the disk failed.
        assertEquals(acknowledged, heard.subList(0, acknowledged.size()));
        assertEquals("z", heard.getLast());
        assertThrows(IOException.class, () -> quorum.log(leader).append(records("b"), epoch));
    }

    @Test
    void whoWasAwayTooLongGetsASnapshot() throws Exception {
        quorum.append("a");
        int away = quorum.followerOf(quorum.awaitLeader());
        quorum.listener(away).awaitHeard(List.of("a"));
        quorum.stop(away);
        // More than one file of the log, which goes with the snapshot.
        String[] large = numbered("x".repeat(1_000), 100);
        quorum.append(large);
        for (int id = 1; id <= 3; id++) {
            if (id != away) {
                quorum.listener(id).awaitOffset(101);
                quorum.log(id).snapshot(101, records("all of them"));
            }
        }
        quorum.append("z");

        quorum.start(away);

        quorum.listener(away).awaitHeard(List.of("all of them", "z"));
        assertEquals(1, quorum.listener(away).snapshots());
        assertEquals(102, quorum.log(away).endOffset());
        // It is its own now.
        quorum.stop(away);
        quorum.start(away);
        quorum.listener(away).awaitHeard(List.of("all of them", "z"));
    }

    /** By its default, Ratis would take a minute and a half for so many calls, and longer for more. */
    @Test
    void whoIsAwayIsCalledAgainAndAgainWithoutLongPauses() throws Exception {
        int leader = quorum.awaitLeader();
        int away = quorum.followerOf(leader);
        quorum.stop(away);
        Deadline limit = Deadline.afterMs(Clock.system(), 60_000);
        try (ServerSocket door = new ServerSocket(quorum.peer(away).port(), 1, InetAddress.getLoopbackAddress())) {
            for (int call = 0; call < 120; call++) {
                door.setSoTimeout((int) Math.max(1, limit.remainingMs()));
                door.accept().close();
            }
        }
    }

    @Test
    void theLeaderKnowsHowFarTheOthersAre() throws Exception {
        quorum.append(numbered("record", 10));
        int leader = quorum.awaitLeader();
        int away = quorum.followerOf(leader);
        quorum.listener(away).awaitOffset(10);
        awaitEnds(10, 10, 10);
        quorum.stop(away);
        quorum.append(numbered("more", 5));
        List<Long> ends = new ArrayList<>(List.of(15L, 15L, 15L));
        ends.set(away - 1, 10L);
        awaitEnds(ends.get(0), ends.get(1), ends.get(2));
        Quorum view = quorum.log(leader).quorum();
        Quorum.Replica lagging = view.voters().get(away - 1);
        Quorum.Replica leading = view.voters().get(leader - 1);
        assertTrue(lagging.lastCaughtUpMs() <= leading.lastCaughtUpMs());
        assertTrue(lagging.lastFetchMs() > 0);
        assertEquals(15, view.highWatermark());
        assertFalse(view.voters().isEmpty());
    }

    private void awaitEnds(long... ends) throws Exception {
        List<Long> expected = Arrays.stream(ends).boxed().toList();
        RecordingListener.awaitPolling(
                () -> {
                    try {
                        return quorum.log(quorum.awaitLeader()).quorum().voters().stream()
                                .map(Quorum.Replica::endOffset)
                                .toList()
                                .equals(expected);
                    } catch (IOException | InterruptedException e) {
                        return false;
                    }
                },
                "ends " + expected);
    }
}
