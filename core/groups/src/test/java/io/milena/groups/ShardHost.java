package io.milena.groups;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The smallest host that keeps the shard's contract: a list for a log, a map for timers, a number for the clock. */
final class ShardHost {
    private final GroupSettings settings;
    private final Listener listener;
    private final List<CoordinatorRecord> log = new ArrayList<>();
    private final Map<TimerKey, Long> timers = new LinkedHashMap<>();
    private final List<GroupEvent> events = new ArrayList<>();
    private GroupShard shard;
    private Topics topics = Topics.NONE;
    private long nowMs;
    private @Nullable ErrorCode nextAppendError;

    /** Sees everything that the host does for the shard. */
    interface Listener {
        void appended(CoordinatorRecord record);

        void replied(long token, ApiMessage response);

        void noted(String text);
    }

    ShardHost(GroupSettings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        this.shard = new GroupShard(settings);
        carryOut(shard.elected(nowMs));
    }

    /** The cluster has these topics from now on. */
    void topics(Topics newTopics) {
        topics = newTopics;
        shard.topics(newTopics);
    }

    GroupShard shard() {
        return shard;
    }

    List<CoordinatorRecord> log() {
        return log;
    }

    List<GroupEvent> events() {
        return events;
    }

    Map<TimerKey, Long> timers() {
        return Collections.unmodifiableMap(timers);
    }

    long nowMs() {
        return nowMs;
    }

    void failNextAppend(@Nullable ErrorCode error) {
        nextAppendError = error;
    }

    void handle(Command command) {
        Decision decision = shard.handle(command, nowMs);
        ErrorCode error = nextAppendError;
        if (error != null && !decision.records().isEmpty()) {
            nextAppendError = null;
            decision = shard.appendFailed(decision, error, nowMs);
        }
        carryOut(decision);
    }

    private void carryOut(Decision decision) {
        for (CoordinatorRecord record : decision.records()) {
            log.add(record);
            listener.appended(record);
            shard.replay(record);
        }
        for (Effect effect : decision.effects()) {
            switch (effect) {
                case Effect.Reply reply -> listener.replied(reply.token(), reply.response());
                case Effect.SetTimer timer -> timers.put(timer.key(), timer.atMs());
                case Effect.Happened(String groupId, GroupEvent event) -> events.add(event);
                case Effect.Note note -> listener.noted(note.text());
                case Effect.CancelTimer timer -> timers.remove(timer.key());
            }
        }
    }

    /** Lets the time come, and everything that is due until then happen in its order. */
    void advanceTo(long timeMs) {
        for (Optional<TimerKey> due = nextDue(timeMs); due.isPresent(); due = nextDue(timeMs)) {
            nowMs = Math.max(nowMs, timers.getOrDefault(due.get(), nowMs));
            timers.remove(due.get());
            handle(new Command.TimerFired(due.get()));
        }
        nowMs = timeMs;
    }

    private Optional<TimerKey> nextDue(long timeMs) {
        return timers.entrySet().stream()
                .filter(timer -> timer.getValue() <= timeMs)
                .min(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey);
    }

    /** Another broker takes over: whoever waits is sent away, and a new shard reads the log. */
    void moveToAnotherBroker() {
        carryOut(shard.resigned(nowMs));
        restart();
    }

    /** The process dies and comes back: nobody is told anything. */
    void restart() {
        timers.clear();
        shard = fromLog();
        shard.topics(topics);
        carryOut(shard.elected(nowMs));
    }

    /** A shard that knows nothing but the log, not elected. */
    GroupShard fromLog() {
        GroupShard loaded = new GroupShard(settings);
        log.forEach(loaded::replay);
        return loaded;
    }
}
