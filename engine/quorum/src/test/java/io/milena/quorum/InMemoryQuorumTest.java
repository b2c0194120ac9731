package io.milena.quorum;

import static io.milena.quorum.RecordingListener.records;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Environment;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of a quorum in memory that are killed, come back, and are cut off. */
class InMemoryQuorumTest implements MetadataLogContract {
    private final InMemoryQuorum quorum = new InMemoryQuorum(Set.of(1, 2, 3));
    private final Map<Integer, MetadataLog> logs = new TreeMap<>();
    private final Map<Integer, RecordingListener> listeners = new TreeMap<>();

    @Override
    public MetadataLog openLeading(RecordingListener listener) throws Exception {
        MetadataLog log = open(new InMemoryQuorum(Set.of(NODE)), NODE, listener);
        listener.await(() -> listener.leadership().isBy(NODE), "leading");
        return log;
    }

    @AfterEach
    void close() {
        listeners.keySet().forEach(quorum::kill);
    }

    private static MetadataLog open(InMemoryQuorum quorum, int id, RecordingListener listener) throws IOException {
        return quorum.open(new Peer(id, "localhost", 0), Environment.system(), listener);
    }

    private void start(int... ids) throws IOException {
        for (int id : ids) {
            RecordingListener listener = new RecordingListener();
            listeners.put(id, listener);
            logs.put(id, open(quorum, id, listener));
        }
    }

    private MetadataLog log(int id) {
        return Objects.requireNonNull(logs.get(id));
    }

    private RecordingListener listener(int id) {
        return Objects.requireNonNull(listeners.get(id));
    }

    private MetadataLog leader() throws InterruptedException {
        int id = quorum.leadership().leaderId();
        awaitLeadership(id);
        return log(id);
    }

    private void awaitLeadership(int id) throws InterruptedException {
        RecordingListener listener = listener(id);
        listener.await(() -> listener.leadership().equals(quorum.leadership()), "hearing who leads");
    }

    private int follower() {
        return listeners.keySet().stream()
                .filter(id -> id != quorum.leadership().leaderId())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nobodyLeadsBeforeMostAreThere() throws Exception {
        start(1);
        assertEquals(Leadership.NOBODY, quorum.leadership().leaderId());
        assertThrows(NotLeadingException.class, () -> log(1).append(records("a")));
        start(2);
        leader().append(records("a"));
        listener(1).awaitHeard(List.of("a"));
        listener(2).awaitHeard(List.of("a"));
    }

    @Test
    void anotherLeadsWhenTheLeaderIsKilledAndWhoComesBackHearsAll() throws Exception {
        start(1, 2, 3);
        MetadataLog old = leader();
        int oldId = quorum.leadership().leaderId();
        int epoch = old.append(records("a")) == 0 ? old.epoch() : -1;
        quorum.kill(oldId);
        assertNotEquals(oldId, quorum.leadership().leaderId());
        assertTrue(quorum.leadership().epoch() > epoch);
        assertThrows(NotLeadingException.class, () -> old.append(records("lost"), epoch));
        leader().append(records("b"));
        start(oldId);
        for (int id = 1; id <= 3; id++) {
            listener(id).awaitHeard(List.of("a", "b"));
            assertEquals(List.of(), listener(id).complaints());
        }
    }

    @Test
    void whatWasCommittedOutlivesAllMembers() throws Exception {
        start(1, 2, 3);
        leader().append(records("a", "b"));
        for (int id = 1; id <= 3; id++) {
            quorum.kill(id);
        }
        assertEquals(Leadership.NOBODY, quorum.leadership().leaderId());
        start(2, 3);
        leader().append(records("c"));
        listener(2).awaitHeard(List.of("a", "b", "c"));
    }

    @Test
    void aLeaderThatIsCutOffLeadsNoMoreAndHearsNothingUntilItIsBack() throws Exception {
        start(1, 2, 3);
        MetadataLog old = leader();
        int oldId = quorum.leadership().leaderId();
        int epoch = old.epoch();
        for (int id = 1; id <= 3; id++) {
            if (id != oldId) {
                quorum.cut(oldId, id);
            }
        }
        RecordingListener cutOff = listener(oldId);
        cutOff.await(() -> cutOff.leadership().leaderId() == Leadership.NOBODY, "hearing that it leads no more");
        assertThrows(NotLeadingException.class, () -> old.append(records("lost"), epoch));
        leader().append(records("a"));
        listener(follower() == oldId ? quorum.leadership().leaderId() : follower())
                .awaitHeard(List.of("a"));
        assertEquals(List.of(), cutOff.heard());
        for (int id = 1; id <= 3; id++) {
            if (id != oldId) {
                quorum.heal(oldId, id);
            }
        }
        cutOff.awaitHeard(List.of("a"));
        awaitLeadership(oldId);
    }

    /** As in Raft, where a follower that others hear of does not disturb who leads. */
    @Test
    void aFollowerThatDoesNotHearTheLeaderChangesNothing() throws Exception {
        start(1, 2, 3);
        MetadataLog leader = leader();
        int leaderId = quorum.leadership().leaderId();
        int deaf = follower();
        quorum.cut(leaderId, deaf);
        leader.append(records("a"));
        for (int id : listeners.keySet()) {
            if (id != deaf) {
                listener(id).awaitHeard(List.of("a"));
            }
        }
        assertTrue(quorum.leadership().isBy(leaderId));
        assertEquals(List.of(), listener(deaf).heard());
        assertEquals(
                List.of(0L, 1L, 1L),
                leader.quorum().voters().stream()
                        .map(Quorum.Replica::endOffset)
                        .sorted()
                        .toList());
        quorum.heal(leaderId, deaf);
        listener(deaf).awaitHeard(List.of("a"));
    }

    @Test
    void whoWasAwayTooLongGetsASnapshot() throws Exception {
        start(1, 2, 3);
        int away = follower();
        quorum.kill(away);
        MetadataLog leader = leader();
        leader.append(records("a"));
        leader.append(records("b"));
        leader.snapshot(2, records("a and b"));
        leader.append(records("c"));
        start(away);
        listener(away).awaitHeard(List.of("a and b", "c"));
        assertEquals(1, listener(away).snapshots());
        assertEquals(List.of(), listener(away).complaints());
    }

    @Test
    void aMemberRunsOnce() throws Exception {
        start(1);
        assertThrows(IOException.class, () -> start(1));
        assertThrows(IOException.class, () -> start(4));
    }
}
