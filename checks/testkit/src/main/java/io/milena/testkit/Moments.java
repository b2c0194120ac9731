package io.milena.testkit;

import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A disk at all the moments at which it may be lost: for tests that crash in each of them. */
public final class Moments {
    private Moments() {}

    /** Copies of the disk as it is before each of the operations that follow and change something. Replaces the disk's faults. */
    public static Queue<SimulatedFileSystem> of(SimulatedFileSystem disk) {
        Queue<SimulatedFileSystem> moments = new ConcurrentLinkedQueue<>();
        disk.faults((operation, path) -> {
            if (operation != DiskOperation.READ && operation != DiskOperation.LIST) {
                moments.add(disk.copy());
            }
        });
        return moments;
    }

    /** A power cut: seed 0 keeps only what was forced, any other a part of the rest too. */
    public static void crash(SimulatedFileSystem disk, long seed) {
        if (seed == 0) {
            disk.crashKeepingOnlyForced();
        } else {
            disk.crash(new Random(seed));
        }
    }
}
