package io.milena.transactions;

import io.milena.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The smallest host that keeps the shard's contract: a list for a log, a map for timers, a list of markers to write, a number for the clock. */
final class Host {
    static final String ID = "payments";
    static final TopicPartition FIRST = new TopicPartition("orders", 0);
    static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private record Stored(ByteBuffer key, @Nullable ByteBuffer value) {}

    private final List<Stored> log = new ArrayList<>();
    private final Map<TimerKey, Long> timers = new LinkedHashMap<>();
    private final List<Effect.WriteMarkers> markers = new ArrayList<>();
    private final TransactionVersion version;
    private TransactionShard shard = new TransactionShard(TransactionSettings.defaults());
    private long nextProducerId = 1000;
    private long nowMs = 1_000_000;
    private @Nullable ErrorCode nextAppendError;

    Host(TransactionVersion version) {
        this.version = version;
        carryOut(shard.elected(nowMs));
    }

    TransactionShard shard() {
        return shard;
    }

    long nowMs() {
        return nowMs;
    }

    List<Effect.WriteMarkers> markers() {
        return markers;
    }

    int recordCount() {
        return log.size();
    }

    void failNextAppend(ErrorCode error) {
        nextAppendError = error;
    }

    Result handle(Command command) {
        Decision decision = shard.handle(command, nowMs);
        ErrorCode error = nextAppendError;
        if (error != null && !decision.records().isEmpty()) {
            nextAppendError = null;
            decision = shard.appendFailed(command, error, nowMs);
        }
        return carryOut(decision);
    }

    private Result carryOut(Decision decision) {
        for (CoordinatorRecord record : decision.records()) {
            log.add(new Stored(record.key(), record.value()));
            shard.replay(record);
        }
        for (Effect effect : decision.effects()) {
            switch (effect) {
                case Effect.WriteMarkers write -> markers.add(write);
                case Effect.SetTimer timer -> timers.put(timer.key(), timer.atMs());
                case Effect.Note ignored -> {}
            }
        }
        return decision.result();
    }

    Result init(@Nullable Producer expected) {
        return handle(new Command.InitProducerId(ID, 60_000, expected, newProducerId()));
    }

    private OptionalLong newProducerId() {
        return shard.wantsProducerId(ID) ? OptionalLong.of(nextProducerId++) : OptionalLong.empty();
    }

    ErrorCode add(Producer producer, TopicPartition... partitions) {
        return handle(new Command.AddPartitions(ID, producer, new TreeSet<>(List.of(partitions)), version))
                .error();
    }

    Result end(Producer producer, Outcome outcome) {
        return handle(new Command.EndTransaction(ID, producer, outcome, version, newProducerId()));
    }

    ErrorCode verify(Producer producer, TopicPartition... partitions) {
        return shard.verify(ID, producer, new TreeSet<>(List.of(partitions)));
    }

    /** All markers that were asked for are written. */
    void writeMarkers() {
        List<Effect.WriteMarkers> due = List.copyOf(markers);
        markers.clear();
        due.forEach(each -> handle(new Command.MarkersWritten(each.transactionalId(), each.producer())));
    }

    /** Lets the time come, and the timers that are due. */
    void advance(long durationMs) {
        nowMs += durationMs;
        for (Map.Entry<TimerKey, Long> timer : List.copyOf(timers.entrySet())) {
            if (timer.getValue() <= nowMs && timers.remove(timer.getKey(), timer.getValue())) {
                handle(new Command.TimerFired(timer.getKey()));
            }
        }
    }

    /** The process dies and comes back with what the log says. */
    void restart() {
        timers.clear();
        markers.clear();
        shard = new TransactionShard(TransactionSettings.defaults());
        log.forEach(stored -> shard.replay(stored.key().duplicate(), stored.value()));
        carryOut(shard.elected(nowMs));
    }

    String state() {
        return shard.describe(ID).transactionState();
    }
}
