package io.milena.broker.transactions;

import io.milena.protocol.ErrorCode;
import io.milena.runtime.Deadline;
import io.milena.transactions.Command;
import io.milena.transactions.Effect;
import io.milena.transactions.TopicPartition;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Carries out what was decided of one transaction, on a thread of its own: waits for the decision to be durable, writes the markers, waits for them, and completes the transaction. Each step rests on the
 * one before being durable, and each is tried until it succeeds or the broker stops; the next start takes it up again.
 */
final class TransactionEnd {
    private static final System.Logger LOG = System.getLogger("io.milena.transactions");
    private static final long RETRY_MS = 500;

    private final CoordinatorHost host;
    private final Effect.WriteMarkers markers;
    /** Where the coordinator's partition ended when this was decided. */
    private final long decidedOffset;

    TransactionEnd(CoordinatorHost host, Effect.WriteMarkers markers, long decidedOffset) {
        this.host = host;
        this.markers = markers;
        this.decidedOffset = decidedOffset;
    }

    String transactionalId() {
        return markers.transactionalId();
    }

    void carryOut(Markers writer, Pause pause) throws InterruptedException {
        if (!host.awaitDurable(decidedOffset)) {
            return; // the log is offline, or another broker leads: the next coordinator reads what it holds
        }
        List<TopicPartition> left = new ArrayList<>(markers.partitions());
        while (!left.isEmpty() && !pause.isStopping() && !host.isOver()) {
            left = write(left, writer);
            if (!left.isEmpty()) {
                pause.await(RETRY_MS);
            }
        }
        Command written = new Command.MarkersWritten(markers.transactionalId(), markers.producer());
        while (!pause.isStopping() && !host.isOver()) {
            ErrorCode error = host.submit(written).result().error();
            if (error == ErrorCode.NONE || error == ErrorCode.INVALID_TXN_STATE) {
                return;
            }
            pause.await(RETRY_MS);
        }
    }

    /** Answers where it has to be tried again. */
    private List<TopicPartition> write(List<TopicPartition> partitions, Markers writer) throws InterruptedException {
        Marker marker = new Marker(markers.producer(), markers.version(), host.epoch(), markers.outcome());
        Map<TopicPartition, ErrorCode> outcomes = writer.write(partitions, marker);
        return partitions.stream()
                .filter(each -> !isDone(each, outcomes.getOrDefault(each, ErrorCode.NETWORK_EXCEPTION)))
                .toList();
    }

    private boolean isDone(TopicPartition where, ErrorCode error) {
        return switch (error) {
            case NONE, UNKNOWN_TOPIC_OR_PARTITION -> true;
            case INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED -> {
                LOG.log(
                        Level.WARNING,
                        "Transactional id {0}: {1}-{2} has heard of a later producer or coordinator ({3}), so that nothing of this transaction can be open there",
                        markers.transactionalId(),
                        where.topic(),
                        where.partition(),
                        error);
                yield true;
            }
            default -> {
                LOG.log(
                        Level.WARNING,
                        "Transactional id {0}: its transaction of producer {1} cannot be ended in {2}-{3} ({4}); it is tried again",
                        markers.transactionalId(),
                        Long.toString(markers.producer().id()),
                        where.topic(),
                        Integer.toString(where.partition()),
                        error);
                yield false;
            }
        };
    }

    /** How to wait between two tries, and when not to try any more. */
    interface Pause {
        boolean isStopping();

        void await(long durationMs) throws InterruptedException;
    }

    /** When whoever waits for an end waits no longer. */
    static Deadline patience(io.milena.runtime.Clock clock) {
        return Deadline.afterMs(clock, 2 * RETRY_MS);
    }
}
