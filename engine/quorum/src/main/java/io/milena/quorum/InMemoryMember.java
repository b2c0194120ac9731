package io.milena.quorum;

import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member of an {@link InMemoryQuorum}: how far it has heard, on one thread of its own. */
final class InMemoryMember implements MetadataLog {
    private final InMemoryQuorum quorum;
    private final Peer self;
    private final Clock clock;
    private final Listener listener;
    private volatile long endOffset;
    private volatile Leadership leadership = new Leadership(0, Leadership.NOBODY);
    private volatile boolean isHearing;
    private volatile long lastHeardMs;
    private volatile @Nullable Throwable failure;

    InMemoryMember(InMemoryQuorum quorum, Peer self, Environment environment, Listener listener) {
        this.quorum = quorum;
        this.self = self;
        this.clock = environment.clock();
        this.listener = listener;
        this.lastHeardMs = clock.millis();
        environment.threads().startBlocking("metadata-listener", this::hear);
    }

    private void hear() {
        try {
            for (InMemoryQuorum.Heard next = quorum.next(this); next != null; next = quorum.next(this)) {
                hear(next);
                isHearing = false;
                quorum.heard();
            }
        } catch (RuntimeException | Error e) {
            System.getLogger(InMemoryMember.class.getName())
                    .log(Level.ERROR, "The listener of the metadata log failed; it hears no more", e);
            failure = e;
            quorum.end(this);
        }
    }

    private void hear(InMemoryQuorum.Heard next) {
        isHearing = true;
        lastHeardMs = clock.millis();
        InMemoryQuorum.Entry entry = next.entry();
        Leadership leader = next.leadership();
        if (entry != null) {
            // First this, so that whoever has heard of it finds it here.
            long baseOffset = endOffset;
            endOffset = entry.endOffset();
            List<ByteBuffer> records = SoleNode.copies(entry.records());
            if (next.isSnapshot()) {
                listener.snapshot(entry.endOffset(), entry.epoch(), records);
            } else {
                listener.committed(baseOffset, entry.epoch(), entry.timeMs(), records);
            }
        } else if (leader != null) {
            leadership = leader;
            listener.leadership(leader);
        }
    }

    /** It is gone, and with it what it believed of itself. */
    void leadsNoMore() {
        leadership = new Leadership(leadership.epoch(), Leadership.NOBODY);
    }

    boolean isHearing() {
        return isHearing;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    long nowMs() {
        return clock.millis();
    }

    Peer self() {
        return self;
    }

    Quorum.Replica progress(boolean isHeard) {
        long nowMs = clock.millis();
        return new Quorum.Replica(self, endOffset, isHeard ? nowMs : lastHeardMs, isHeard ? nowMs : lastHeardMs);
    }

    @Override
    public long append(List<ByteBuffer> records, int epoch) throws IOException {
        return quorum.append(this, records, epoch);
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public Leadership leadership() {
        return leadership;
    }

    @Override
    public long bytesSinceSnapshot() {
        return quorum.bytesSinceSnapshot();
    }

    @Override
    public void snapshot(long atOffset, List<ByteBuffer> records) throws IOException {
        quorum.snapshot(atOffset, records);
    }

    @Override
    public Quorum quorum() throws IOException {
        return quorum.quorum(this);
    }

    @Override
    public void close() {
        quorum.end(this);
    }
}
