package io.milena.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a data directory keeps in memory of the indexes of sealed segments: the blocks that were read last, up to a bound, however many segments there are. Safe for use by many threads; files
 * are read without the lock.
 */
public final class IndexBlocks {
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    /** The one used longest ago first. */
    private final Map<Key, ByteBuffer> blocks = new LinkedHashMap<>(16, 0.75f, true);

    private long sizeInBytes;

    /** A file is what this process has opened, whatever bears its name later. */
    private record Key(IndexFile file, int number) {}

    IndexBlocks(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Reads a block. */
    @FunctionalInterface
    public interface Source {
        ByteBuffer read() throws IOException;
    }

    /** The block with that number, which nobody changes. */
    public ByteBuffer of(IndexFile file, int number, Source source) throws IOException {
        Key key = new Key(file, number);
        lock.lock();
        try {
            ByteBuffer known = blocks.get(key);
            if (known != null) {
                return known;
            }
        } finally {
            lock.unlock();
        }
        ByteBuffer read = source.read();
        keep(key, read);
        return read;
    }

    private void keep(Key key, ByteBuffer block) {
        lock.lock();
        try {
            ByteBuffer before = blocks.put(key, block);
            sizeInBytes += block.capacity() - (before == null ? 0 : before.capacity());
            Iterator<ByteBuffer> oldestFirst = blocks.values().iterator();
            while (sizeInBytes > bytesMax) {
                sizeInBytes -= oldestFirst.next().capacity();
                oldestFirst.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Of the blocks in memory. */
    public long sizeInBytes() {
        lock.lock();
        try {
            return sizeInBytes;
        } finally {
            lock.unlock();
        }
    }
}
