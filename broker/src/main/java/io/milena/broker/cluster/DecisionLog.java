package io.milena.broker.cluster;

import io.milena.metadata.RecordTransactions;
import io.milena.protocol.Message;
import io.milena.quorum.Leadership;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.UncertainAppendException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Where a node writes down what it decides: a large decision in several appends, and none any more in an epoch in which an append has ended without an answer, for then the metadata on which the next
 * decision would be made are not known. Another epoch, which it asks for, begins with what is there.
 *
 * <p>For one thread at a time, but for {@link #isUncertain}.
 */
final class DecisionLog {
    private static final System.Logger LOG = System.getLogger(DecisionLog.class.getName());
    private static final int NONE = -1;

    private final MetadataLog log;
    private final RecordTransactions heard;
    private volatile int uncertainEpoch = NONE;

    /** @param heard of this node, which shows what an earlier controller has not ended */
    DecisionLog(MetadataLog log, RecordTransactions heard) {
        this.log = log;
        this.heard = heard;
    }

    /** Whether nothing may be decided in this epoch any more. */
    boolean isUncertain(Leadership leadership) {
        return uncertainEpoch == leadership.epoch();
    }

    void append(List<Message> records, int epoch) throws IOException {
        try {
            if (heard.isOpen()) {
                log.append(RecordTransactions.abortion(), epoch);
            }
            for (var append : RecordTransactions.appends(records, log.appendBytesMax())) {
                log.append(append, epoch);
            }
        } catch (UncertainAppendException e) {
            LOG.log(Level.WARNING, "This node decides no more in epoch {0}: {1}", epoch, e.getMessage());
            uncertainEpoch = epoch;
            resign(epoch);
            throw e;
        }
    }

    /** Asks for another epoch where this one is uncertain; does not wait for it. */
    void resign(int epoch) {
        try {
            if (uncertainEpoch == epoch) {
                log.resign(epoch);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Epoch {0} of the metadata is not given up yet: {1}", epoch, e.getMessage());
        }
    }
}
