package io.milena.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Broker 1's replica of a partition of brokers 1, 2 and 3, for tables of commands: a state, its log's offsets, its brokers and its time. */
final class Replica implements LogView {
    static final int MIN_ISR = 2;

    private final Map<Integer, Brokers.Broker> brokers = new HashMap<>();
    ReplicationSettings settings = new ReplicationSettings(1_000, MIN_ISR, 100);
    ReplicaState state = new Detached(1, 0);
    long nowMs = 5_000;
    long startOffset;
    long forcedEndOffset;
    long endOffset;
    /** First offsets by epoch, in order. */
    final TreeMap<Integer, Long> epochs = new TreeMap<>();

    List<Effect> effects = List.of();
    Answer answer = new Answer.None();

    Replica() {
        for (int id = 1; id <= 3; id++) {
            standing(id, Brokers.Standing.ACTIVE);
        }
    }

    void standing(int id, Brokers.Standing standing) {
        brokers.put(id, new Brokers.Broker(id, 100 + id, standing, "rack" + id));
    }

    Brokers.@Nullable Broker broker(int id) {
        return brokers.get(id);
    }

    /** A log from {@code epoch} on, all of it forced. */
    Replica holding(long end, int epoch) {
        endOffset = end;
        forcedEndOffset = end;
        if (end > 0) {
            epochs.putIfAbsent(epoch, 0L);
        }
        return this;
    }

    Replica assigned(int leader, int leaderEpoch, int partitionEpoch, Integer... isr) {
        handle(new Command.Assign(assignment(leader, leaderEpoch, partitionEpoch, isr)));
        return this;
    }

    static Assignment assignment(int leader, int leaderEpoch, int partitionEpoch, Integer... isr) {
        return new Assignment(leader, leaderEpoch, partitionEpoch, List.of(1, 2, 3), List.of(isr));
    }

    Circumstances now() {
        return new Circumstances(nowMs, settings, this, this::broker);
    }

    void handle(Command command) {
        Step step = Replication.handle(state, command, now());
        state = step.state();
        effects = step.effects();
        answer = step.answer();
    }

    /** All that is appended is forced. */
    void appends(long count) {
        if (count > 0) {
            epochs.putIfAbsent(state.leaderEpoch(), endOffset);
        }
        endOffset += count;
        forcedEndOffset = endOffset;
        handle(new Command.LogMoved());
    }

    void fetchedBy(int id, long offset) {
        serve(new FollowerFetch(id, 100 + id, state.leaderEpoch(), offset, -1, 0, Long.MAX_VALUE));
    }

    void serve(FollowerFetch fetch) {
        handle(new Command.Serve(fetch));
    }

    Leader leader() {
        return (Leader) state;
    }

    Follower follower() {
        return (Follower) state;
    }

    <T extends Effect> T effect(Class<T> type) {
        List<T> found =
                effects.stream().filter(type::isInstance).map(type::cast).toList();
        assertEquals(1, found.size(), type.getSimpleName() + " in " + effects);
        return found.getFirst();
    }

    boolean does(Class<? extends Effect> type) {
        return effects.stream().anyMatch(type::isInstance);
    }

    void assertRefused(ErrorCode error) {
        assertEquals(new Answer.Refused(error), answer);
    }

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public long forcedEndOffset() {
        return forcedEndOffset;
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public int latestEpoch() {
        return epochs.isEmpty() ? -1 : epochs.lastKey();
    }

    @Override
    public EpochEnd endOf(int epoch) {
        if (epochs.isEmpty() || epoch < 0 || epoch > latestEpoch()) {
            return EpochEnd.UNKNOWN;
        }
        Map.Entry<Integer, Long> next = epochs.higherEntry(epoch);
        Integer own = epochs.floorKey(epoch);
        return new EpochEnd(own == null ? epoch : own, next == null ? endOffset : next.getValue());
    }
}
