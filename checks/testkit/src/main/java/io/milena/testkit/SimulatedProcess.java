package io.milena.testkit;

import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import io.milena.runtime.Threads;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * One process on one simulated computer: threads, connections and a disk that live and die together. A killed process stays dead; a restart is a new
 * {@link SimulatedEnvironment#process(String, SimulatedFileSystem)} on the same host and disk.
 */
public final class SimulatedProcess {
    private final String host;
    private final SimulatedFileSystem disk;
    private final SeededScheduler scheduler;
    private final SimulatedNetwork network;
    private final Environment environment;
    private volatile boolean isDead;
    private volatile boolean isSuspended;

    SimulatedProcess(
            String host,
            SimulatedFileSystem disk,
            SeededScheduler scheduler,
            SimulatedNetwork network,
            Clock clock,
            RandomGenerator random) {
        this.host = host;
        this.disk = disk;
        this.scheduler = scheduler;
        this.network = network;
        this.environment = new Environment(clock, new ProcessThreads(), random);
    }

    /** The name of its computer, which is also its address in the network. */
    public String host() {
        return host;
    }

    public SimulatedFileSystem disk() {
        return disk;
    }

    /** Clock, threads and randomness for what runs in this process. */
    public Environment environment() {
        return environment;
    }

    /** The network as seen from this host. */
    public Network network() {
        return network.of(this);
    }

    public boolean isDead() {
        return isDead;
    }

    /** {@code SIGSTOP}: no thread takes a step, while time passes and bytes come; peers notice nothing but silence. Not for a thread of the process itself. */
    public void suspend() {
        isSuspended = true;
    }

    /** {@code SIGCONT}: all that were to run meanwhile may. */
    public void resume() {
        isSuspended = false;
        scheduler.resumed(this);
    }

    public boolean isSuspended() {
        return isSuspended;
    }

    /**
     * {@code kill -9}: no thread takes another step, not even its {@code finally} blocks; channels and file locks go; the page cache stays; peers find
     * their connections closed or reset. Called by a thread of the process itself, it never returns.
     */
    public void kill() {
        die();
        disk.processKill();
        network.processDied(this);
        stopIfCurrent();
    }

    /** The computer loses power: as {@link #kill}, the disk loses unforced data by seed, and peers hear nothing until the host is up again. Whether a file has lost anything. */
    public boolean losePower(RandomGenerator random) {
        die();
        boolean isLost = disk.crash(random);
        network.hostVanished(this);
        stopIfCurrent();
        return isLost;
    }

    private void die() {
        isDead = true;
        scheduler.forgetDropped();
    }

    private void stopIfCurrent() {
        while (scheduler.isCurrent(this)) {
            LockSupport.park(this);
        }
    }

    /** Blocking threads are simulated too: nothing may hold the only carrier there is. */
    private final class ProcessThreads implements Threads {
        @Override
        public Thread start(String name, Runnable body) {
            return scheduler.start(SimulatedProcess.this, name, body);
        }

        @Override
        public Thread startBlocking(String name, Runnable body) {
            return scheduler.start(SimulatedProcess.this, name, body);
        }
    }
}
