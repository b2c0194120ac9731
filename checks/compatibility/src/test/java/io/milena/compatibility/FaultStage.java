package io.milena.compatibility;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Three brokers as processes, each on a host and a disk of its own where the machine allows it, and what is done to them, from a seed: each fault once before one comes again. */
final class FaultStage implements AutoCloseable {
    private final Path folder;
    private final Random random;
    private final Diary diary;
    private final @Nullable TestHosts hosts;
    private final ClusterProcesses cluster;
    private final List<Fault> faults;
    private final List<Fault> deck = new ArrayList<>();

    /** Hears what happens. */
    @FunctionalInterface
    interface Diary {
        void tell(String text);
    }

    private FaultStage(
            Path folder,
            Random random,
            Diary diary,
            @Nullable TestHosts hosts,
            ClusterProcesses cluster,
            boolean hasDisks) {
        this.folder = folder;
        this.random = random;
        this.diary = diary;
        this.hosts = hosts;
        this.cluster = cluster;
        this.faults = possible(hosts, hasDisks);
    }

    static FaultStage open(Path folder, Random random, Diary diary) throws Exception {
        TestHosts hosts = TestHosts.makeIfPossible(ClusterProcesses.BROKERS);
        boolean hasDisks = mountDisks(folder);
        try {
            return new FaultStage(folder, random, diary, hosts, ClusterProcesses.start(folder, hosts), hasDisks);
        } catch (Exception e) {
            leave(folder, hosts);
            throw e;
        }
    }

    /** A disk of its own, in memory, for each broker: a real file system that is really full. Whether this machine allows it. */
    private static boolean mountDisks(Path folder) throws IOException {
        for (int broker = 1; broker <= ClusterProcesses.BROKERS; broker++) {
            Path disk = Files.createDirectory(ClusterProcesses.data(folder, broker));
            if (ExternalProgram.run(List.of("mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", disk.toString()))
                            .exit()
                    != 0) {
                return false;
            }
        }
        return true;
    }

    /** Those that this machine allows. */
    private static List<Fault> possible(@Nullable TestHosts hosts, boolean hasDisks) {
        return Arrays.stream(Fault.values())
                .filter(fault -> switch (fault) {
                    case KILL, PAUSE -> true;
                    case ISOLATE, CUT_ONE_WAY, FLAKY_LINKS -> hosts != null;
                    case SLOW_LINKS -> hosts != null && hosts.canBeSlow();
                    case FULL_DISK -> hasDisks;
                })
                .toList();
    }

    /** How many kinds of faults there are on this machine. */
    int kinds() {
        return faults.size();
    }

    String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    /** The next fault, from its beginning to its end. */
    void hurt() throws Exception {
        if (deck.isEmpty()) {
            deck.addAll(faults);
            Collections.shuffle(deck, random);
        }
        hurt(deck.removeLast());
    }

    private void hurt(Fault fault) throws Exception {
        int broker = 1 + random.nextInt(ClusterProcesses.BROKERS);
        int other = 1 + (broker + random.nextInt(ClusterProcesses.BROKERS - 1)) % ClusterProcesses.BROKERS;
        long ms = 500L + random.nextInt(2_500);
        diary.tell(fault + " broker " + broker + (fault == Fault.CUT_ONE_WAY ? " to " + other : "") + " for " + ms
                + " ms");
        switch (fault) {
            case KILL -> {
                cluster.kill(broker);
                goOnFor(ms);
                cluster.start(broker);
            }
            case PAUSE -> {
                cluster.pause(broker);
                goOnFor(ms);
                cluster.resume(broker);
            }
            case ISOLATE -> {
                isolate(requireNonNull(hosts), broker);
                goOnFor(ms);
                hosts.heal();
            }
            case CUT_ONE_WAY -> {
                requireNonNull(hosts).cut(broker, other);
                goOnFor(ms);
                hosts.heal();
            }
            case SLOW_LINKS -> {
                requireNonNull(hosts).slow(broker);
                goOnFor(ms);
                hosts.heal();
            }
            case FLAKY_LINKS -> {
                for (long left = ms; left > 0; left -= 200) {
                    isolate(requireNonNull(hosts), broker);
                    goOnFor(100);
                    hosts.heal();
                    goOnFor(100);
                }
            }
            case FULL_DISK -> {
                Path foreign = cluster.data(broker).resolve("foreign");
                fill(foreign);
                goOnFor(ms);
                Files.delete(foreign);
            }
        }
    }

    private static void isolate(TestHosts hosts, int broker) {
        for (int other = 1; other <= ClusterProcesses.BROKERS; other++) {
            if (other != broker) {
                hosts.cut(broker, other);
                hosts.cut(other, broker);
            }
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (Files.size(file) == 0) {
                throw e; // not for want of space
            }
        }
    }

    /** What happens meanwhile is what the test is about. */
    private static void goOnFor(long ms) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Override
    public void close() {
        cluster.close();
        leave(folder, hosts);
    }

    private static void leave(Path folder, @Nullable TestHosts hosts) {
        if (hosts != null) {
            hosts.close();
        }
        for (int broker = 1; broker <= ClusterProcesses.BROKERS; broker++) {
            ExternalProgram.run(List.of(
                    "umount", "--lazy", ClusterProcesses.data(folder, broker).toString()));
        }
    }
}
