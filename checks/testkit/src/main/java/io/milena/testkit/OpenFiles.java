package io.milena.testkit;

import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The channels and file locks of all programs on one disk. Guarded by the lock of its {@link SimulatedFileSystem}. */
final class OpenFiles {
    private final Set<SimulatedFileChannel> channels = new LinkedHashSet<>();
    private final List<Held> locks = new ArrayList<>();

    private record Held(DiskNode node, FileLock lock) {}

    void add(SimulatedFileChannel channel) {
        channels.add(channel);
    }

    int count() {
        return channels.size();
    }

    void remove(SimulatedFileChannel channel) {
        channels.remove(channel);
        locks.removeIf(held -> held.lock.acquiredBy() == channel);
    }

    void lock(DiskNode node, FileLock lock) {
        for (Held held : locks) {
            if (held.node == node && held.lock.overlaps(lock.position(), lock.size())) {
                throw new OverlappingFileLockException();
            }
        }
        locks.add(new Held(node, lock));
    }

    void unlock(FileLock lock) {
        locks.removeIf(held -> held.lock.equals(lock));
    }

    boolean isHeld(FileLock lock) {
        return locks.stream().anyMatch(held -> held.lock.equals(lock));
    }

    void invalidateAll() {
        channels.forEach(SimulatedFileChannel::invalidate);
        channels.clear();
        locks.clear();
    }

    /** Space of {@code linked} files and of those that only a channel still holds. */
    long usedBytes(List<DiskFile> linked) {
        Set<DiskFile> files = Collections.newSetFromMap(new IdentityHashMap<>());
        files.addAll(linked);
        for (SimulatedFileChannel channel : channels) {
            if (channel.node() instanceof DiskFile file) {
                files.add(file);
            }
        }
        return files.stream().mapToLong(file -> file.cached.allocatedBytes()).sum();
    }
}
