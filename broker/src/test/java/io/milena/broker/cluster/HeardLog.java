package io.milena.broker.cluster;

import io.milena.metadata.MetadataRecords;
import io.milena.protocol.Message;
import io.milena.quorum.Leadership;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Quorum;
import io.milena.quorum.UncertainAppendException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The log of a quorum that node 2 leads, as another node hears it when a test says so. */
final class HeardLog implements MetadataLog {
    private final Listener listener;
    private final Leadership believed;
    private final Leadership leadership;
    private long endOffset;
    private boolean isUnanswered;

    /**
     * @param believed what the node takes for the leadership
     * @param leadership what it is, as whoever wants to append is told
     */
    HeardLog(Listener listener, Leadership believed, Leadership leadership) {
        this.listener = listener;
        this.believed = believed;
        this.leadership = leadership;
    }

    void hear(List<Message> messages) {
        List<ByteBuffer> encoded = MetadataRecords.encode(messages);
        long base = endOffset;
        endOffset += encoded.size();
        listener.committed(base, 1, 0, encoded);
    }

    /** From now on nobody knows what became of an append. */
    void answerNoMore() {
        isUnanswered = true;
    }

    @Override
    public long append(List<ByteBuffer> appended, int epoch) throws IOException {
        if (isUnanswered) {
            throw new UncertainAppendException(new IOException("no answer"));
        }
        throw new NotLeadingException(epoch, leadership);
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public Leadership leadership() {
        return believed;
    }

    @Override
    public long bytesSinceSnapshot() {
        return 0;
    }

    @Override
    public void snapshot(long end, List<ByteBuffer> snapshot) {}

    @Override
    public Quorum quorum() throws IOException {
        throw new NotLeadingException(1, leadership);
    }

    @Override
    public void close() {}
}
