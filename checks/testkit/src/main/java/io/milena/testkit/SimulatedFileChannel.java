package io.milena.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * An open file or directory of a {@link SimulatedFileSystem}. As the JDK's channels do, it closes itself when a thread is interrupted inside an operation.
 */
final class SimulatedFileChannel extends FileChannel {
    private static final int TRANSFER_BYTES = 64 * 1024;

    private final SimulatedFileSystem fileSystem;
    private final SimulatedPath path;
    private final DiskNode node;
    private final OpenMode mode;
    /** Changed under the file system's lock, as {@link #isInvalid}. */
    private volatile long position;

    private volatile boolean isInvalid;

    SimulatedFileChannel(SimulatedFileSystem fileSystem, SimulatedPath path, DiskNode node, OpenMode mode) {
        this.fileSystem = fileSystem;
        this.path = path;
        this.node = node;
        this.mode = mode;
    }

    DiskNode node() {
        return node;
    }

    /** The program or the computer died. */
    void invalidate() {
        isInvalid = true;
    }

    @FunctionalInterface
    private interface Work {
        long run() throws IOException;
    }

    /** Runs {@code work} under the lock of the file system, after the faults had their say. */
    private long perform(DiskOperation operation, Work work) throws IOException {
        ensureUsable();
        fileSystem.before(operation, path);
        boolean isDone = false;
        try {
            begin();
            fileSystem.lock().lock();
            try {
                ensureUsable();
                long result = work.run();
                isDone = true;
                return result;
            } finally {
                fileSystem.lock().unlock();
            }
        } finally {
            end(isDone);
        }
    }

    private void ensureUsable() throws ClosedChannelException {
        if (isInvalid || !isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private DiskFile readable() throws IOException {
        ensureUsable();
        if (!mode.isRead()) {
            throw new NonReadableChannelException();
        }
        return file();
    }

    private DiskFile writable() throws IOException {
        ensureUsable();
        if (!mode.isWrite()) {
            throw new NonWritableChannelException();
        }
        return file();
    }

    private DiskFile file() throws IOException {
        if (node instanceof DiskFile file) {
            return file;
        }
        throw new IOException("Is a directory");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return (int) read(new ByteBuffer[] {target}, 0, 1);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        DiskFile file = readable();
        return perform(DiskOperation.READ, () -> {
            long start = position;
            long total = 0;
            long room = 0;
            for (int i = offset; i < offset + length; i++) {
                room += targets[i].remaining();
                total += file.read(start + total, targets[i]);
            }
            position = start + total;
            return total == 0 && room > 0 ? -1 : total;
        });
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        checkNotNegative(at);
        DiskFile file = readable();
        return (int) perform(DiskOperation.READ, () -> {
            boolean hasRoom = target.hasRemaining();
            int count = file.read(at, target);
            return count == 0 && hasRoom ? -1 : count;
        });
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return (int) write(new ByteBuffer[] {source}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        DiskFile file = writable();
        long count = perform(DiskOperation.WRITE, () -> {
            long room = 0;
            for (int i = offset; i < offset + length; i++) {
                room += sources[i].remaining();
            }
            long at = mode.isAppend() ? file.cached.size() : position;
            byte[] bytes = new byte[writableBytes(file, at, Math.toIntExact(room))];
            int done = 0;
            for (int i = offset; i < offset + length && done < bytes.length; i++) {
                int part = Math.min(sources[i].remaining(), bytes.length - done);
                sources[i].get(bytes, done, part);
                done += part;
            }
            store(file, at, bytes);
            position = at + bytes.length;
            return bytes.length;
        });
        forceIfSynchronous();
        return count;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        checkNotNegative(at);
        DiskFile file = writable();
        int count = (int) perform(DiskOperation.WRITE, () -> {
            // Linux appends even a positional write of an appending descriptor.
            long start = mode.isAppend() ? file.cached.size() : at;
            byte[] bytes = new byte[writableBytes(file, start, source.remaining())];
            source.get(bytes);
            store(file, start, bytes);
            return bytes.length;
        });
        forceIfSynchronous();
        return count;
    }

    private void store(DiskFile file, long at, byte[] bytes) {
        if (bytes.length > 0) {
            file.write(at, bytes);
            file.modifiedMs = fileSystem.nowMs();
        }
    }

    /** As much of {@code count} as the disk has room for: a short write first, then the error. */
    private int writableBytes(DiskFile file, long at, int count) throws IOException {
        if (count == 0 || fileSystem.capacityBytes() == Long.MAX_VALUE) {
            return count;
        }
        long free = fileSystem.capacityBytes() - fileSystem.usedBytes();
        int fitting = 0;
        while (fitting < count) {
            if (!file.cached.isAllocated(at + fitting)) {
                free -= SparseBytes.BLOCK_BYTES;
            }
            if (free < 0 && !file.cached.isAllocated(at + fitting)) {
                break;
            }
            fitting +=
                    (int) Math.min(count - fitting, SparseBytes.BLOCK_BYTES - (at + fitting) % SparseBytes.BLOCK_BYTES);
        }
        if (fitting == 0) {
            throw new IOException("No space left on device");
        }
        return fitting;
    }

    private void forceIfSynchronous() throws IOException {
        if (mode.isSynchronous()) {
            force(true);
        }
    }

    @Override
    public long position() throws IOException {
        ensureUsable();
        return mode.isAppend() ? size() : position;
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        ensureUsable();
        checkNotNegative(newPosition);
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        ensureUsable();
        return SimulatedAttributes.of(node).size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        checkNotNegative(size);
        DiskFile file = writable();
        perform(DiskOperation.TRUNCATE, () -> {
            if (size < file.cached.size()) {
                file.resize(size);
                file.modifiedMs = fileSystem.nowMs();
            }
            position = Math.min(position, size);
            return size;
        });
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        ensureUsable();
        fileSystem.force(node, path);
        ensureUsable();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        checkNotNegative(from);
        checkNotNegative(count);
        readable();
        long done = 0;
        while (done < count) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(TRANSFER_BYTES, count - done));
            if (read(buffer, from + done) <= 0) {
                break;
            }
            buffer.flip();
            int written = target.write(buffer);
            done += written;
            if (buffer.hasRemaining()) {
                break;
            }
        }
        return done;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        checkNotNegative(at);
        checkNotNegative(count);
        if (at > writable().cached.size()) {
            return 0;
        }
        long done = 0;
        while (done < count) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(TRANSFER_BYTES, count - done));
            if (source.read(buffer) <= 0) {
                break;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                done += write(buffer, at + done);
            }
        }
        return done;
    }

    @Override
    public MappedByteBuffer map(MapMode mapMode, long from, long size) {
        throw new UnsupportedOperationException(
                "a simulated file cannot be mapped: mapped bytes escape the simulation");
    }

    /** Locks are never waited for: the holder would be this JVM, and the JDK refuses to wait for that too. */
    @Override
    public FileLock lock(long from, long size, boolean shared) throws IOException {
        return tryLock(from, size, shared);
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) throws IOException {
        if (shared) {
            readable();
        } else {
            writable();
        }
        Lock lock = new Lock(from, size, shared);
        fileSystem.lock().lock();
        try {
            ensureUsable();
            fileSystem.openFiles().lock(node, lock);
        } finally {
            fileSystem.lock().unlock();
        }
        return lock;
    }

    private final class Lock extends FileLock {
        Lock(long from, long size, boolean shared) {
            super(SimulatedFileChannel.this, from, size, shared);
        }

        @Override
        public boolean isValid() {
            fileSystem.lock().lock();
            try {
                return fileSystem.openFiles().isHeld(this);
            } finally {
                fileSystem.lock().unlock();
            }
        }

        @Override
        public void release() throws IOException {
            ensureUsable();
            fileSystem.lock().lock();
            try {
                fileSystem.openFiles().unlock(this);
            } finally {
                fileSystem.lock().unlock();
            }
        }
    }

    @Override
    protected void implCloseChannel() throws IOException {
        fileSystem.lock().lock();
        try {
            fileSystem.openFiles().remove(this);
        } finally {
            fileSystem.lock().unlock();
        }
        if (mode.isDeletedOnClose() && !isInvalid) {
            java.nio.file.Files.deleteIfExists(path);
        }
    }

    private static void checkNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative: " + value);
        }
    }
}
