package io.milena.quorum;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.testkit.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A measurement: how long after the death by {@code kill -9} of the leading process of three another one has committed an append. Run with the class path of the tests:
 *
 * <pre>
 * java -cp ... io.milena.quorum.FailoverRun ROUNDS BUSY AWAY      BUSY threads that compute, and one that forces files, beside it; who was killed is AWAY ms
 * </pre>
 */
final class FailoverRun {
    private static final long LIMIT_MS = 60_000;
    private static final int SETTLED_APPENDS = 10;
    private static final int VOTERS = 3;
    private static final long NEAR_MS = 2_000;
    private static final String ALL = "all";
    private static final String SOME = "some";

    private final Path folder;
    private final String voters;
    private final Map<Integer, Process> processes = new TreeMap<>();
    /** When a member last committed an append, and how many it has. */
    private final Map<Integer, Long> lastNanos = new ConcurrentHashMap<>();

    private final Map<Integer, Integer> appends = new ConcurrentHashMap<>();
    /** The same, in a row, with all three members there. */
    private final Map<Integer, Integer> whole = new ConcurrentHashMap<>();

    private final Signal heard = new Signal();

    private FailoverRun(Path folder, String voters) {
        this.folder = folder;
        this.voters = voters;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("member")) {
            member(Integer.parseInt(arguments[1]), Path.of(arguments[2]), arguments[3]);
            return;
        }
        int busy = Integer.parseInt(arguments[1]);
        Path folder = Files.createTempDirectory("failover");
        for (int i = 0; i < busy; i++) {
            Thread.ofPlatform().daemon().start(FailoverRun::compute);
        }
        if (busy > 0) {
            Thread.ofPlatform().daemon().start(() -> forceFiles(folder.resolve("busy")));
        }
        List<String> addresses = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            addresses.add(id + "@localhost:" + FreePorts.take());
        }
        new FailoverRun(folder, String.join(",", addresses))
                .run(Integer.parseInt(arguments[0]), Long.parseLong(arguments[2]));
    }

    private static void compute() {
        double sum = 0;
        while (sum >= 0) {
            sum += Math.sqrt(sum + 1);
        }
    }

    private static void forceFiles(Path file) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                out.write(ByteBuffer.allocate(1 << 20), 0);
                out.force(true);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(int rounds, long awayMs) throws Exception {
        List<Long> gapsMs = new ArrayList<>();
        try {
            for (int id = 1; id <= 3; id++) {
                start(id);
            }
            for (int round = 0; round < rounds; round++) {
                int leader = awaitSettledLeader();
                process(leader).destroyForcibly().waitFor();
                long killedNanos = System.nanoTime(); // on a busy machine a process takes its time to die
                appends.clear();
                int next = awaitCount(appends, 1);
                gapsMs.add((lastNanos.getOrDefault(next, killedNanos) - killedNanos) / 1_000_000);
                System.out.println("round " + round + ": " + gapsMs.getLast() + " ms, from " + leader + " to " + next);
                Clock.system().sleepMs(awayMs);
                start(leader);
                long startedNanos = System.nanoTime();
                awaitSettledLeader();
                System.out.println("  back after " + (System.nanoTime() - startedNanos) / 1_000_000 + " ms");
            }
        } finally {
            processes.values().forEach(Process::destroyForcibly);
        }
        System.out.println("sorted: " + gapsMs.stream().sorted().toList());
    }

    private Process process(int id) {
        return Objects.requireNonNull(processes.get(id));
    }

    /** All three have been there for a while. */
    private int awaitSettledLeader() throws Exception {
        whole.clear();
        return awaitCount(whole, SETTLED_APPENDS);
    }

    private int awaitCount(Map<Integer, Integer> counted, int count) throws Exception {
        boolean isThere = heard.await(
                () -> counted.values().stream().anyMatch(of -> of >= count),
                Deadline.afterMs(Clock.system(), LIMIT_MS));
        if (!isThere) {
            throw new AssertionError("nobody appends");
        }
        return counted.entrySet().stream()
                .filter(of -> of.getValue() >= count)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private void start(int id) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FailoverRun.class.getName(),
                "member",
                Integer.toString(id),
                folder.resolve("node-" + id).toString(),
                voters));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("node-" + id + ".log").toFile()))
                .start();
        processes.put(id, process);
        Thread.ofPlatform().daemon().start(() -> listen(id, process.inputReader()));
    }

    private void listen(int id, BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lastNanos.put(id, System.nanoTime());
                appends.merge(id, 1, Integer::sum);
                whole.put(id, line.equals(ALL) ? whole.getOrDefault(id, 0) + 1 : 0);
                heard.raise();
            }
        } catch (IOException e) {
            heard.raise(); // it was killed
        }
    }

    private static boolean isWhole(RatisMetadataLog log, long offset) throws IOException {
        long nowMs = Clock.system().millis();
        return log.quorum().voters().stream()
                        .filter(voter -> voter.endOffset() >= offset - VOTERS && nowMs - voter.lastFetchMs() < NEAR_MS)
                        .count()
                == VOTERS;
    }

    /** Appends again and again when it leads, and says so. */
    private static void member(int id, Path data, String voters) throws Exception {
        List<Peer> peers = Stream.of(voters.split(","))
                .map(voter -> Peer.of(voter.split("@")[0], voter.split("@")[1]))
                .toList();
        Peer self = peers.stream().filter(peer -> peer.id() == id).findFirst().orElseThrow();
        Files.createDirectories(data);
        RatisMetadataLog log = RatisMetadataLog.open(
                data,
                new QuorumSettings(QuorumOfThree.CLUSTER, self, peers),
                Environment.system(),
                new RecordingListener());
        while (true) {
            try {
                if (log.leadership().isBy(id)) {
                    long offset = log.append(RecordingListener.records("x"));
                    System.out.println(isWhole(log, offset) ? ALL : SOME);
                }
            } catch (IOException e) {
                System.err.println(e);
            }
            Clock.system().sleepMs(20);
        }
    }
}
