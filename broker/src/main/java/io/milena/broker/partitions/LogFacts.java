package io.milena.broker.partitions;

import io.milena.log.Log;
import io.milena.replication.EpochEnd;
import io.milena.replication.LogView;

/** What replication must know of a log. */
record LogFacts(Log log) implements LogView {
    @Override
    public long startOffset() {
        return log.logStartOffset();
    }

    @Override
    public long forcedEndOffset() {
        return log.flushedOffset();
    }

    @Override
    public long endOffset() {
        return log.logEndOffset();
    }

    @Override
    public int latestEpoch() {
        return log.epochAt(Long.MAX_VALUE);
    }

    @Override
    public EpochEnd endOf(int epoch) {
        io.milena.log.EpochEnd end = log.endOffsetFor(epoch);
        return new EpochEnd(end.epoch(), end.endOffset());
    }
}
