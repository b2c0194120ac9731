package io.milena.log;

import java.nio.ByteBuffer;

/** The transactions of one log, for those who write in them: what is open, and a way to begin one only if none has ended since somebody asked. Safe for use by many threads. */
public final class LogTransactions {
    private final LogWriter writer;

    LogTransactions(LogWriter writer) {
        this.writer = writer;
    }

    /** How many markers were appended here since this log was opened. */
    public long ended() {
        return writer.endedTransactions();
    }

    /** Whether a producer with this epoch has a transaction open here. */
    public boolean isOpen(long producerId, short epoch) {
        return writer.hasTransaction(producerId, epoch);
    }

    /** As {@link Log#append(ByteBuffer, int)}, unless a transaction has ended here since {@link #ended} was asked: then CONCURRENT_TRANSACTIONS. */
    public AppendResult appendUnlessEnded(ByteBuffer bytes, int leaderEpoch, long ended) {
        return writer.appendUnlessEnded(bytes, leaderEpoch, ended);
    }

    /** Ends a transaction. */
    public AppendResult end(Ending ending, int leaderEpoch) {
        return writer.end(ending, leaderEpoch);
    }
}
