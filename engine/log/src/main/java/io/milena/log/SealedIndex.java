package io.milena.log;

import io.milena.log.disk.IndexFile;
import java.io.IOException;

/** The two indexes of a sealed segment, on disk. The files are sound, and as long as they were when that was found out. */
final class SealedIndex implements IndexEntries {
    private final IndexFile offsets;
    private final IndexFile times;

    SealedIndex(IndexFile offsets, IndexFile times) {
        this.offsets = offsets;
        this.times = times;
    }

    @Override
    public int offsetCount() {
        return offsets.count();
    }

    @Override
    public int offset(int entry) throws IOException {
        return offsets.intAt(entry, 0);
    }

    @Override
    public int position(int entry) throws IOException {
        return offsets.intAt(entry, Integer.BYTES);
    }

    @Override
    public int timeCount() {
        return times.count();
    }

    @Override
    public long timestamp(int entry) throws IOException {
        return times.longAt(entry, 0);
    }

    @Override
    public int timeOffset(int entry) throws IOException {
        return times.intAt(entry, Long.BYTES);
    }
}
