package io.milena.quorum;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A metadata log for clusters that end with their process: it counts, and keeps nothing. Not safe for use by many threads. */
public final class InMemoryMetadataLog implements MetadataLog {
    private static final int EPOCH = 1;

    private final SoleNode node;
    private final Clock clock;
    private final Listener listener;
    private long endOffset;
    private long bytesSinceSnapshot;

    /** Of a node that leads from now on. */
    public InMemoryMetadataLog(Peer self, Clock clock, Listener listener) {
        this.clock = clock;
        this.node = new SoleNode(self, EPOCH);
        this.listener = listener;
        listener.leadership(node.leadership());
    }

    @Override
    public long append(List<ByteBuffer> records, int epoch) throws IOException {
        node.checkLeads(epoch);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
        long baseOffset = endOffset;
        endOffset += records.size();
        records.forEach(record -> bytesSinceSnapshot += record.remaining());
        listener.committed(baseOffset, EPOCH, clock.millis(), SoleNode.copies(records));
        return endOffset - 1;
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public Leadership leadership() {
        return node.leadership();
    }

    @Override
    public long bytesSinceSnapshot() {
        return bytesSinceSnapshot;
    }

    @Override
    public void snapshot(long atOffset, List<ByteBuffer> records) {
        SoleNode.checkIsEnd(atOffset, endOffset);
        bytesSinceSnapshot = 0;
    }

    @Override
    public Quorum quorum() {
        return node.quorum(endOffset, Quorum.UNKNOWN);
    }

    @Override
    public void close() {}
}
