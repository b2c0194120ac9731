package io.milena.log.story;

import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.HandClock;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/** What is wrong with the disk at the moment: errors at a rate, too little space, slowness. Safe for use by many threads. */
final class Plague implements DiskFaults {
    private final Random random;
    private final HandClock clock;
    private final Set<DiskOperation> failing = EnumSet.noneOf(DiskOperation.class);
    private double rate;
    private int slownessMs;
    private boolean isFull;

    Plague(Random random, HandClock clock) {
        this.random = random;
        this.clock = clock;
    }

    synchronized void fail(Set<DiskOperation> operations, double newRate) {
        failing.addAll(operations);
        rate = newRate;
    }

    synchronized void slowDown(int maxMs) {
        slownessMs = maxMs;
    }

    synchronized void fill(SimulatedFileSystem disk, long freeBytes) {
        disk.capacityBytes(disk.usedBytes() + freeBytes);
        isFull = true;
    }

    synchronized void end(SimulatedFileSystem disk) {
        failing.clear();
        rate = 0;
        slownessMs = 0;
        isFull = false;
        disk.capacityBytes(Long.MAX_VALUE);
    }

    synchronized boolean hasErrors() {
        return rate > 0;
    }

    synchronized boolean isFull() {
        return isFull;
    }

    boolean isAny() {
        return hasErrors() || isFull();
    }

    @Override
    public void before(DiskOperation operation, Path path) throws IOException {
        if (strikes(operation)) {
            throw DiskFaults.inputOutputError(path);
        }
    }

    private synchronized boolean strikes(DiskOperation operation) {
        if (slownessMs > 0) {
            clock.advanceMs(random.nextInt(slownessMs));
        }
        return rate > 0 && failing.contains(operation) && random.nextDouble() < rate;
    }
}
