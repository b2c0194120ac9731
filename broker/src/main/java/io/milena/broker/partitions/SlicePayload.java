package io.milena.broker.partitions;

import io.milena.log.ReadResult;
import io.milena.protocol.Payload;
import java.nio.channels.FileChannel;

/** A slice of a segment file as part of a response. */
record SlicePayload(ReadResult.Slice slice) implements Payload.InFile {
    @Override
    public FileChannel channel() {
        return slice.channel();
    }

    @Override
    public long position() {
        return slice.position();
    }

    @Override
    public int sizeInBytes() {
        return slice.sizeInBytes();
    }

    @Override
    public int bytesAtOnce() {
        return slice.bytesAtOnce();
    }

    @Override
    public void prepare(long from, long count) {
        slice.prepare(from, count);
    }

    @Override
    public void release() {
        slice.release();
    }
}
