package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The transactional ids of one partition of {@code __transaction_state}, as a state machine: commands in, decisions out. It has no lock, no clock and does no I/O; its host calls it from one thread at a
 * time (or under one lock), with a time that never goes back.
 *
 * <p><b>Loading.</b> A new shard is given every record of its partition by {@link #replay(ByteBuffer, ByteBuffer)}, then {@link #elected}: it takes up what its predecessor has left, at every state.
 *
 * <p><b>A command.</b> Without letting another command in between, the host
 * <ol>
 *   <li>calls {@link #handle};
 *   <li>appends the decision's records to the partition; when that fails, it carries out the decision of {@link #appendFailed} instead;
 *   <li>replays the records: now, not when they are durable, so that the next command builds on them;
 *   <li>sets the timers at once, and keeps the result, and the markers, until <em>everything appended to the partition so far</em> is durable.
 * </ol>
 * The last point is what transactions stand on. A partition takes records of a transaction only when it is durable that the partition is part of it, or else nobody would end it there. A marker is written
 * only when the outcome is durable, or else a crash could let another partition have the other outcome. And the transaction is complete only when its markers are durable.
 */
public final class TransactionShard {
    /** After how long a decision of the shard's own that could not be appended is tried again, in ms. */
    private static final long RETRY_MS = 1_000;

    private final TransactionSettings settings;
    private final Map<String, Transaction> transactions = new TreeMap<>();
    private boolean isElected;

    public TransactionShard(TransactionSettings settings) {
        this.settings = settings;
    }

    /** The partition of {@code __transaction_state} that a transactional id lives in. */
    public static int partitionFor(String transactionalId, int partitionCount) {
        int hash = transactionalId.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitionCount;
    }

    /**
     * Takes over one record of the partition, while loading. The bytes are copied; records of unknown kinds are skipped.
     *
     * @param value null for a tombstone
     */
    public void replay(ByteBuffer key, @Nullable ByteBuffer value) {
        CoordinatorRecord record = RecordCodec.read(key, value);
        if (record != null) {
            replay(record);
        }
    }

    /** Takes over one record of a decision, after it was appended. */
    public void replay(CoordinatorRecord record) {
        Transaction transaction = record.transaction();
        if (transaction == null) {
            transactions.remove(record.transactionalId());
        } else {
            transactions.put(record.transactionalId(), transaction);
        }
    }

    /** Everything is replayed and commands may come: open transactions have their time-outs, and what was decided is carried out. */
    public Decision elected(long nowMs) {
        Turn turn = new Turn(settings, nowMs);
        isElected = true;
        for (Transaction each : transactions.values()) {
            switch (each.state()) {
                case TransactionState.Ongoing ongoing -> turn.setTimeout(each, ongoing);
                case TransactionState.Prepared ignored -> resume(each, turn);
                case TransactionState.Empty ignored -> {}
                case TransactionState.Complete ignored -> {}
            }
        }
        turn.setTimer(new TimerKey.Expiry(), nowMs + settings.expiryCheckMs());
        return turn.decision(Result.OK);
    }

    private static void resume(Transaction transaction, Turn turn) {
        Effect.WriteMarkers markers = transaction.markers();
        if (markers != null) {
            turn.carryOut(markers);
        }
    }

    /** Whether the next InitProducerId or EndTransaction may need a new producer id. The host brings one with the command; without it such a command is answered CONCURRENT_TRANSACTIONS. */
    public boolean wantsProducerId(String transactionalId) {
        Transaction known = transactions.get(transactionalId);
        return known == null || known.owner().isExhausted();
    }

    /** Decides. What it decides takes effect when its records are replayed. */
    public Decision handle(Command command, long nowMs) {
        if (!isElected) {
            throw new IllegalStateException("a command for a shard that is not elected: " + command);
        }
        Turn turn = new Turn(settings, nowMs);
        return switch (command) {
            case Command.InitProducerId init ->
                InitProducerIdHandler.handle(init, transactions.get(init.transactionalId()), turn);
            case Command.AddPartitions add ->
                AddPartitionsHandler.handle(add, transactions.get(add.transactionalId()), turn);
            case Command.EndTransaction end ->
                EndTransactionHandler.handle(end, transactions.get(end.transactionalId()), turn);
            case Command.MarkersWritten written ->
                MarkersWrittenHandler.handle(written, transactions.get(written.transactionalId()), turn);
            case Command.TimerFired fired -> {
                fired(fired.key(), turn);
                yield turn.decision(Result.OK);
            }
        };
    }

    private void fired(TimerKey key, Turn turn) {
        switch (key) {
            case TimerKey.Timeout timeout -> TimeHandler.timeout(transactions.get(timeout.transactionalId()), turn);
            case TimerKey.Expiry ignored -> TimeHandler.expire(transactions.values(), turn);
        }
    }

    /**
     * The records of the decision on a command could not be appended, so they must not be replayed. The decision returned takes its place.
     *
     * @param error the log's, e.g. KAFKA_STORAGE_ERROR; clients are told what it means for a coordinator
     */
    public Decision appendFailed(Command command, ErrorCode error, long nowMs) {
        Turn turn = new Turn(settings, nowMs);
        if (command instanceof Command.TimerFired fired) {
            turn.setTimer(fired.key(), nowMs + RETRY_MS);
        }
        return turn.refused(forClient(error));
    }

    private static ErrorCode forClient(ErrorCode error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
                ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
            default -> ErrorCode.UNKNOWN_SERVER_ERROR;
        };
    }

    /** Whether the producer has an open transaction with all these partitions: NONE, TRANSACTION_ABORTABLE if it has not, or what is wrong with the producer. */
    public ErrorCode verify(String transactionalId, Producer producer, SortedSet<TopicPartition> partitions) {
        return AddPartitionsHandler.verify(producer, transactions.get(transactionalId), partitions);
    }

    /** Whether the markers of an outcome that was decided are still to be written. */
    public boolean isEnding(String transactionalId) {
        Transaction known = transactions.get(transactionalId);
        return known != null && known.state() instanceof TransactionState.Prepared;
    }

    /** Whether some transaction of the producer has this partition, and will be ended there. */
    public boolean hasOpen(long producerId, TopicPartition partition) {
        return transactions.values().stream()
                .anyMatch(each -> each.owner().producerId() == producerId
                        && each.state().involved().contains(partition));
    }

    /** One transactional id of a DescribeTransactions request. */
    public DescribeTransactionsResponse.TransactionState describe(String transactionalId) {
        return TransactionViews.describe(transactionalId, transactions.get(transactionalId));
    }

    /** Those that pass the request's filters, by id; its pattern is for the caller. */
    public List<ListTransactionsResponse.TransactionState> list(ListTransactionsRequest request, long nowMs) {
        List<ListTransactionsResponse.TransactionState> passing = new ArrayList<>();
        for (Transaction each : transactions.values()) {
            if (TransactionViews.passes(each, request, nowMs)) {
                passing.add(new ListTransactionsResponse.TransactionState(
                        each.id(),
                        each.owner().producerId(),
                        each.state().stateName().label()));
            }
        }
        return passing;
    }

    /** Which of the names are states. */
    public static boolean isState(String name) {
        return StateName.isLabel(name);
    }

    /** For tests: one transactional id. */
    @Nullable
    Transaction transaction(String transactionalId) {
        return transactions.get(transactionalId);
    }
}
