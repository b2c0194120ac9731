package io.milena.log.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded cache of open segment files. A lease keeps its file open; beyond the bound, files without a lease are closed, the one used longest ago first.
 * Where the process may open no more files, the bound goes down. Leases are never refused for it, so the bound may be passed while all files are in use. Safe for use by many threads.
 */
public final class OpenFiles {
    private static final Set<StandardOpenOption> READ_AND_WRITE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<StandardOpenOption> READ_AND_CREATE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

    /** What the indexes of sealed segments take, where nobody has chosen. */
    public static final long INDEX_BYTES_MAX = 8 << 20;

    /** Guarded by the lock. */
    private int filesMax;

    private final IndexBlocks indexes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    public OpenFiles(int filesMax) {
        this(filesMax, INDEX_BYTES_MAX);
    }

    public OpenFiles(int filesMax, long indexBytesMax) {
        this.filesMax = filesMax;
        this.indexes = new IndexBlocks(indexBytesMax);
    }

    /** What is in memory of indexes. */
    public IndexBlocks indexes() {
        return indexes;
    }

    /** Opens a file that is not kept open. */
    FileChannel openToRead(Path file) throws IOException {
        return open(file, Set.of(StandardOpenOption.READ));
    }

    private static final class Entry {
        final FileChannel channel;
        int leases;
        /** Out of the cache: to be closed with the last lease. */
        boolean isForgotten;

        Entry(FileChannel channel) {
            this.channel = channel;
        }
    }

    /** The right to use an open file until {@link #close()}, which must be called once. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        public FileChannel channel() {
            return entry.channel;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                entry.leases--;
                if (entry.isForgotten && entry.leases == 0) {
                    closeQuietly(entry.channel);
                }
                evict();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Opens a file that is there for reading and writing: somebody who comes too late does not make a deleted one anew. */
    public Lease lease(Path file) throws IOException {
        return lease(file, READ_AND_WRITE);
    }

    /** As {@link #lease}, of a file that need not be there. */
    public Lease create(Path file) throws IOException {
        return lease(file, READ_AND_CREATE);
    }

    private Lease lease(Path file, Set<StandardOpenOption> options) throws IOException {
        lock.lock();
        try {
            Entry entry = entries.get(file);
            if (entry == null || !entry.channel.isOpen()) {
                entry = new Entry(open(file, options));
                entries.put(file, entry);
            }
            entry.leases++;
            evict(); // never the file that was just leased
            return new Lease(entry);
        } finally {
            lock.unlock();
        }
    }

    /** Where the process may not open one more, those that nobody uses make room. */
    private FileChannel open(Path file, Set<StandardOpenOption> options) throws IOException {
        try {
            return FileChannel.open(file, options);
        } catch (IOException e) {
            if (Shortage.behind(e) != Shortage.FILES) {
                throw e;
            }
            closeIdle();
            return FileChannel.open(file, options);
        }
    }

    /** The process may open no more files: closes every file that nobody uses, and keeps half as many from now on. */
    public void closeIdle() {
        lock.lock();
        try {
            filesMax = Math.max(1, filesMax / 2);
            closeUnused();
        } finally {
            lock.unlock();
        }
    }

    /** Closes every file that nobody uses; it is opened again when somebody does. */
    public void closeUnused() {
        lock.lock();
        try {
            entries.values().removeIf(entry -> {
                if (entry.leases == 0) {
                    closeQuietly(entry.channel);
                }
                return entry.leases == 0;
            });
        } finally {
            lock.unlock();
        }
    }

    private void evict() {
        Iterator<Entry> oldestFirst = entries.values().iterator();
        while (entries.size() > filesMax && oldestFirst.hasNext()) {
            Entry entry = oldestFirst.next();
            if (entry.leases == 0) {
                oldestFirst.remove();
                closeQuietly(entry.channel);
            }
        }
    }

    /** Closes the file as soon as nobody uses it: before it is renamed or deleted, and at the end. */
    public void forget(Path file) {
        lock.lock();
        try {
            Entry entry = entries.remove(file);
            if (entry != null) {
                entry.isForgotten = true;
                if (entry.leases == 0) {
                    closeQuietly(entry.channel);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Files are forced by the flusher; closing one has nothing to report that matters. */
    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(OpenFiles.class.getName()).log(System.Logger.Level.DEBUG, "closing a segment file", e);
        }
    }
}
