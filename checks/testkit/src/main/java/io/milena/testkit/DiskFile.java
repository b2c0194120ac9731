package io.milena.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A regular file: what programs see (the page cache), what is safe on the platters, and the changes between the two, in order.
 * Guarded by the lock of its {@link SimulatedFileSystem}.
 */
final class DiskFile extends DiskNode {
    SparseBytes cached = new SparseBytes();
    private SparseBytes durable = new SparseBytes();
    private final List<Change> unforced = new ArrayList<>();

    /** Something that was done to the file and is not yet safe. */
    sealed interface Change {
        final class Write implements Change {
            final long position;
            /** Owned by this change, never modified. */
            final byte[] bytes;

            Write(long position, byte[] bytes) {
                this.position = position;
                this.bytes = bytes;
            }

            long end() {
                return position + bytes.length;
            }
        }

        record Resize(long size) implements Change {}
    }

    DiskFile(long number, long nowMs) {
        super(number, nowMs);
    }

    DiskFile copy() {
        DiskFile copy = new DiskFile(number, creationMs);
        copy.modifiedMs = modifiedMs;
        copy.cached = cached.copy();
        copy.durable = durable.copy();
        copy.unforced.addAll(unforced);
        return copy;
    }

    void write(long position, byte[] bytes) {
        cached.write(position, bytes, 0, bytes.length);
        unforced.add(new Change.Write(position, bytes));
    }

    void resize(long size) {
        cached.resize(size);
        unforced.add(new Change.Resize(size));
    }

    void flip(long position, int mask) {
        cached.flip(position, mask);
        if (position < durable.size()) {
            durable.flip(position, mask);
        }
    }

    boolean isDirty() {
        return !unforced.isEmpty();
    }

    /** Everything written so far becomes safe, but for what an earlier failed force has given up. */
    void force() {
        for (Change change : unforced) {
            switch (change) {
                case Change.Write write -> durable.write(write.position, write.bytes, 0, write.bytes.length);
                case Change.Resize resize -> durable.resize(resize.size);
            }
        }
        unforced.clear();
    }

    /** Linux marks the pages of a failed force clean: they can be read until the power goes, but are never written. */
    void failForce() {
        unforced.clear();
    }

    /** The power goes: of the unforced changes some survive, see {@link SimulatedFileSystem}. Whether there is anything else in the file now. */
    boolean losePower(RandomGenerator random) {
        SparseBytes seen = cached;
        if (isDirty()) {
            durable = FileSurvivors.choose(durable, unforced, random);
            unforced.clear();
        }
        cached = durable.copy();
        return !cached.isSameAs(seen);
    }

    /** The worst power loss: only what was forced survives. */
    void loseUnforced() {
        unforced.clear();
        cached = durable.copy();
    }

    int read(long position, ByteBuffer target) {
        return cached.read(position, target);
    }
}
