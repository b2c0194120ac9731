package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Members of a quorum in one process, on free ports, each with a directory; they are started and closed by a test, three to begin with. */
final class QuorumOfThree implements AutoCloseable {
    static final String CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg";

    /** More than a test waits for anything. */
    private static final int PATIENCE_MS = 600_000;

    private final Path directory;
    private final Map<Integer, Peer> peers = new TreeMap<>();
    private final Map<Integer, RatisMetadataLog> logs = new TreeMap<>();
    private final Map<Integer, RecordingListener> listeners = new TreeMap<>();
    private final List<RecordingListener> everyListener = new ArrayList<>();
    private final List<Peer> firstVoters;
    private QuorumSettings.Timeouts timeouts = QuorumSettings.Timeouts.DEFAULT;

    QuorumOfThree(Path directory) throws IOException {
        this.directory = directory;
        this.firstVoters = List.of(peer(1), peer(2), peer(3));
    }

    /** One that is known and not started yet. */
    Peer peer(int id) throws IOException {
        if (!peers.containsKey(id)) {
            peers.put(id, new Peer(id, "localhost", FreePorts.take()));
        }
        return Objects.requireNonNull(peers.get(id));
    }

    /** Whoever is started from now on takes a silent leader for alive. */
    void haveMuchPatience() {
        timeouts = new QuorumSettings.Timeouts(PATIENCE_MS, 2 * PATIENCE_MS, PATIENCE_MS);
    }

    Path data(int id) throws IOException {
        return Files.createDirectories(directory.resolve("node-" + id));
    }

    void start(int... ids) throws IOException {
        for (int id : ids) {
            start(id, firstVoters);
        }
    }

    RatisMetadataLog start(int id, List<Peer> contacts) throws IOException {
        return start(id, CLUSTER, contacts);
    }

    RatisMetadataLog start(int id, String cluster, List<Peer> contacts) throws IOException {
        RecordingListener listener = new RecordingListener();
        listeners.put(id, listener);
        everyListener.add(listener);
        RatisMetadataLog log =
                RatisMetadataLog.open(data(id), settings(id, cluster, contacts), Environment.system(), listener);
        logs.put(id, log);
        return log;
    }

    private QuorumSettings settings(int id, String cluster, List<Peer> contacts) throws IOException {
        return new QuorumSettings(
                cluster, peer(id), "localhost", contacts, timeouts, new QuorumSettings.Limits(1 << 20, 16 << 10));
    }

    void stop(int id) throws IOException {
        Objects.requireNonNull(logs.remove(id)).close();
    }

    /** Where a member has its log. */
    Path current(int id) throws IOException {
        return Objects.requireNonNull(QuorumFolder.of(data(id), CLUSTER)
                .termAndVote(QuorumFolder.of(data(id), CLUSTER).root())
                .getParent());
    }

    RatisMetadataLog log(int id) {
        return Objects.requireNonNull(logs.get(id));
    }

    RecordingListener listener(int id) {
        return Objects.requireNonNull(listeners.get(id));
    }

    /** Waits until one of those that run leads and its listener knows. */
    int awaitLeader() throws InterruptedException {
        return awaitLeader(0);
    }

    /** As {@link #awaitLeader()}, in a later epoch. */
    int awaitLeader(int afterEpoch) throws InterruptedException {
        Signal never = new Signal();
        Deadline limit = Deadline.afterMs(Clock.system(), 120_000);
        while (!limit.isPast()) {
            for (int id : logs.keySet()) {
                Leadership known = listener(id).leadership();
                if (known.isBy(id)
                        && known.epoch() > afterEpoch
                        && log(id).leadership().equals(known)) {
                    return id;
                }
            }
            never.await(() -> false, Deadline.afterMs(Clock.system(), 5));
        }
        throw new AssertionError("nobody leads");
    }

    int followerOf(int leader) {
        return logs.keySet().stream().filter(id -> id != leader).findFirst().orElseThrow();
    }

    /** Appends, each for itself, on whoever leads, and tries again where nothing was appended: on a busy machine somebody else may lead at any moment. */
    void append(String... texts) throws IOException, InterruptedException {
        for (String text : texts) {
            int leader = awaitLeader();
            while (!append(text, leader)) {
                leader = awaitLeader();
            }
        }
    }

    private boolean append(String text, int leader) throws IOException, InterruptedException {
        int epoch = log(leader).epoch();
        try {
            log(leader).append(RecordingListener.records(text), epoch);
            return true;
        } catch (NotLeadingException e) {
            return false;
        } catch (UncertainAppendException e) {
            return listener(awaitLeader(epoch)).heard().contains(text); // who leads has all that was committed
        }
    }

    static String[] numbered(String name, int count) {
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = name + " " + i;
        }
        return texts;
    }

    @Override
    public void close() throws IOException {
        for (int id : List.copyOf(logs.keySet())) {
            stop(id);
        }
        for (RecordingListener listener : everyListener) {
            assertEquals(List.of(), listener.complaints());
        }
    }
}
