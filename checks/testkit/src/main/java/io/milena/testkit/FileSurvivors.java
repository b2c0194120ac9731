package io.milena.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a power loss leaves of one file's unforced changes. The page cache is written back whenever the kernel likes, in any order, and a disk
 * writes whole sectors; so each sector holds its bytes as they were at <em>some</em> moment since the last force, and the size likewise. Cutting a file is
 * a journalled change: what was written after a cut that is lost is lost with it.
 */
final class FileSurvivors {
    static final int SECTOR_BYTES = 512;

    private FileSurvivors() {}

    static SparseBytes choose(SparseBytes durable, List<DiskFile.Change> changes, RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> durable;
            case 1 -> apply(durable, changes, changes.size(), Order.IN_ORDER, random);
            case 2 -> apply(durable, changes, random.nextInt(changes.size() + 1), Order.IN_ORDER, random);
            default -> apply(durable, changes, journalled(changes, random), Order.SCATTERED, random);
        };
    }

    private enum Order {
        /** The first changes survive; the last of them may be torn. */
        IN_ORDER,
        /** Each sector survives from its own moment. */
        SCATTERED
    }

    /** How many changes are not beyond a cut that was lost. */
    private static int journalled(List<DiskFile.Change> changes, RandomGenerator random) {
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i) instanceof DiskFile.Change.Resize && random.nextBoolean()) {
                return i;
            }
        }
        return changes.size();
    }

    private static SparseBytes apply(
            SparseBytes durable, List<DiskFile.Change> changes, int count, Order order, RandomGenerator random) {
        SparseBytes result = durable.copy();
        List<DiskFile.Change.Write> writes = new ArrayList<>();
        for (DiskFile.Change change : changes.subList(0, count)) {
            switch (change) {
                case DiskFile.Change.Write write -> writes.add(write);
                case DiskFile.Change.Resize resize -> {
                    // A cut that survives has waited for nothing: the data before it may be missing, its size may not.
                    writeBack(result, writes, order, random);
                    writes.clear();
                    result.resize(resize.size());
                }
            }
        }
        writeBack(result, writes, order, random);
        if (order == Order.IN_ORDER && count < changes.size()) {
            tear(result, changes.get(count), random);
        }
        return result;
    }

    private static void writeBack(
            SparseBytes result, List<DiskFile.Change.Write> writes, Order order, RandomGenerator random) {
        if (order == Order.IN_ORDER) {
            writes.forEach(write -> result.write(write.position, write.bytes, 0, write.bytes.length));
            return;
        }
        long size = result.size();
        int sizeMoment = random.nextInt(writes.size() + 1);
        for (DiskFile.Change.Write write : writes.subList(0, sizeMoment)) {
            size = Math.max(size, write.end());
        }
        sectors(writes).forEach((sector, touching) -> {
            int moment = random.nextInt(touching.size() + 1);
            touching.subList(0, moment).forEach(write -> writeSector(result, write, sector));
        });
        result.resize(size);
    }

    /** The writes that touch each sector, in order. */
    private static Map<Long, List<DiskFile.Change.Write>> sectors(List<DiskFile.Change.Write> writes) {
        Map<Long, List<DiskFile.Change.Write>> sectors = new TreeMap<>();
        for (DiskFile.Change.Write write : writes) {
            for (long sector = write.position / SECTOR_BYTES; sector * SECTOR_BYTES < write.end(); sector++) {
                sectors.computeIfAbsent(sector, ignored -> new ArrayList<>()).add(write);
            }
        }
        return sectors;
    }

    private static void writeSector(SparseBytes result, DiskFile.Change.Write write, long sector) {
        long start = Math.max(write.position, sector * SECTOR_BYTES);
        long end = Math.min(write.end(), (sector + 1) * SECTOR_BYTES);
        result.write(start, write.bytes, (int) (start - write.position), (int) (end - start));
    }

    /** Of the first change that did not survive whole, the first sectors may; the size may be that of the whole. */
    private static void tear(SparseBytes result, DiskFile.Change change, RandomGenerator random) {
        if (change instanceof DiskFile.Change.Write write && write.bytes.length > 0) {
            long first = write.position / SECTOR_BYTES;
            long sectors = Math.ceilDiv(write.end(), SECTOR_BYTES) - first;
            long kept = random.nextLong(sectors + 1);
            for (long sector = first; sector < first + kept; sector++) {
                writeSector(result, write, sector);
            }
            if (random.nextBoolean()) {
                result.resize(Math.max(result.size(), write.end()));
            }
        }
    }
}
