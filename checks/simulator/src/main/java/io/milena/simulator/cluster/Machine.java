package io.milena.simulator.cluster;

import io.milena.broker.Broker;
import io.milena.broker.BrokerHealth;
import io.milena.broker.BrokerSettings;
import io.milena.broker.Surroundings;
import io.milena.broker.cluster.DataPaths;
import io.milena.broker.partitions.Partitions;
import io.milena.testkit.SeededDiskFaults;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.SimulatedFileSystem;
import io.milena.testkit.SimulatedProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The computer of one broker: its disk and its clock stay, its processes come and go. */
final class Machine {
    private static final int PORT = 9092;

    private final int id;
    private final SimulatedEnvironment world;
    private final SimulatedQuorum quorum;
    private final SimulatedFileSystem disk;
    private final SeededDiskFaults faults;
    private final double clockRate;
    private final BrokerSettings settings;
    private @Nullable SimulatedProcess process;
    private @Nullable Partitions partitions;
    private @Nullable Broker broker;
    private int life;
    private int errorsBefore;

    /** One that is off. */
    Machine(
            int id,
            SimulatedEnvironment world,
            SimulatedQuorum quorum,
            double clockRate,
            Map<String, String> clusterSettings) {
        this.id = id;
        this.world = world;
        this.quorum = quorum;
        this.clockRate = clockRate;
        this.faults = new SeededDiskFaults(world.random(), world.clock());
        this.disk = world.disk().faults(faults);
        Map<String, String> all = new TreeMap<>(quorum.settings());
        all.putAll(clusterSettings);
        all.put("node.id", Integer.toString(id));
        all.put("listeners", "PLAINTEXT://" + host() + ":" + PORT);
        this.settings = BrokerSettings.of(all);
    }

    static InetSocketAddress address(int id) {
        return InetSocketAddress.createUnresolved(SimulatedQuorum.host(id), PORT);
    }

    int id() {
        return id;
    }

    String host() {
        return SimulatedQuorum.host(id);
    }

    /** How far its clock is from the world's, either way. */
    long clockErrorMs() {
        return (long) (Math.abs(clockRate - 1) * world.clock().nanos() / 1_000_000);
    }

    /** Counts its processes. */
    int life() {
        return life;
    }

    SeededDiskFaults faults() {
        return faults;
    }

    /** Where the broker keeps its logs. */
    Path data() {
        return disk.getPath("/data");
    }

    /** Whether it is this process that runs on it. */
    boolean runs(@Nullable SimulatedProcess asked) {
        return asked != null && asked == process;
    }

    boolean isUp() {
        return process != null && !process.isDead();
    }

    /** Those of the process that runs; null while there is none, or it has only begun. */
    @Nullable
    Partitions partitions() {
        return isUp() ? partitions : null;
    }

    /** How its broker says it is; null while none is there that has started. */
    @Nullable
    BrokerHealth health() {
        return isUp() && broker != null ? broker.health() : null;
    }

    /** Whether its disk has failed since its process was started. */
    boolean hasFailed() {
        return faults.errors() > errorsBefore;
    }

    /** Whether a log of it is offline, so that only another start helps. */
    boolean needsRestart() {
        Partitions mine = partitions();
        return mine != null
                && (!mine.offline().isEmpty()
                        || mine.all().stream()
                                .anyMatch(partition -> partition.log().isOffline()));
    }

    /** What its replicas are to it. */
    String replicas() {
        Partitions mine = partitions();
        return mine == null
                ? host() + " has none"
                : host() + ": "
                        + mine.all().stream()
                                .map(partition -> partition.replica().name() + " ends at "
                                        + partition.log().logEndOffset() + " as "
                                        + partition.replica().state())
                                .toList();
    }

    /** Begins a new process, if none runs. */
    void start() {
        if (isUp()) {
            return;
        }
        life++;
        errorsBefore = faults.errors();
        SimulatedProcess started = world.process(host(), disk, clockRate);
        process = started;
        broker = null;
        started.environment().threads().start("main", () -> {
            try {
                broker = Broker.start(
                        settings,
                        new Surroundings(
                                DataPaths.of(data()),
                                started.network(),
                                started.environment(),
                                (data, quorumSettings, environment, listener) -> quorum.open(id, started, listener),
                                mine -> partitions = mine));
            } catch (IOException e) {
                started.kill(); // a disk that does not work: whoever looks after the machine starts it again
            }
        });
    }

    void kill() {
        SimulatedProcess running = process;
        if (running != null && !running.isDead()) {
            running.kill();
        }
        partitions = null;
        broker = null;
    }

    /** Whether the disk has lost anything that was written. */
    boolean losePower(RandomGenerator random) {
        SimulatedProcess running = process;
        partitions = null;
        broker = null;
        return running != null && !running.isDead() && running.losePower(random);
    }

    /** Whether it is this that stops a process. */
    boolean suspend() {
        if (process == null || process.isDead() || process.isSuspended()) {
            return false;
        }
        process.suspend();
        return true;
    }

    void resume() {
        if (process != null && !process.isDead() && process.isSuspended()) {
            process.resume();
        }
    }
}
