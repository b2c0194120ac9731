package io.milena.replication.model;

import io.milena.protocol.ErrorCode;
import io.milena.replication.Answer;
import io.milena.replication.Appended;
import io.milena.replication.Brokers;
import io.milena.replication.Circumstances;
import io.milena.replication.Command;
import io.milena.replication.Detached;
import io.milena.replication.Effect;
import io.milena.replication.EpochEnd;
import io.milena.replication.FetchAnswer;
import io.milena.replication.FetchPosition;
import io.milena.replication.Follower;
import io.milena.replication.FollowerFetch;
import io.milena.replication.FollowerPhase;
import io.milena.replication.Leader;
import io.milena.replication.LogView;
import io.milena.replication.ProposalOutcome;
import io.milena.replication.ReplicaState;
import io.milena.replication.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A broker that hosts one replica, as a real one is to: it keeps the state, carries out the effects in their order, forces, and fetches. It dies, comes back and pauses. */
final class ModelBroker {
    static final long FETCH_TIMEOUT_MS = 300;
    static final long PROPOSAL_TIMEOUT_MS = 200;
    private static final int BATCHES_MAX = 5;

    final int id;
    final ModelLog log = new ModelLog();
    private final World world;
    private final Story story;
    private ReplicaState state;
    private long epoch;
    private Metadata metadata;
    private long checkpointedHighWatermark;
    private boolean isAlive = true;
    /** Ends what an earlier life has begun. */
    private int life;

    private long pausedUntilMs;
    private boolean isForcing;
    private int fetchesInFlight;
    private final Producers producers = new Producers();

    ModelBroker(int id, long epoch, Story story, Metadata metadata) {
        this.id = id;
        this.epoch = epoch;
        this.story = story;
        this.world = story.world();
        this.metadata = metadata;
        this.state = new Detached(id, 0);
    }

    ReplicaState state() {
        return state;
    }

    boolean isAlive() {
        return isAlive;
    }

    long epoch() {
        return epoch;
    }

    void start() {
        handle(new Command.Assign(metadata.assignment()));
        int thisLife = life;
        repeat(thisLife, 100, this::heartbeat);
        repeat(thisLife, story.settings().lagTimeMaxMs() / 2, () -> {
            handle(new Command.Tick());
            if (world.happens(0.5)) {
                checkpointedHighWatermark = state.highWatermark();
            }
        });
        repeat(thisLife, 50, this::force);
    }

    private void repeat(int thisLife, long everyMs, Runnable action) {
        later(thisLife, everyMs, () -> {
            action.run();
            repeat(thisLife, everyMs, action);
        });
    }

    /** Happens in this life, and not while the broker is paused. */
    private void later(int thisLife, long delayMs, Runnable action) {
        world.after(delayMs, () -> whenAwake(thisLife, action));
    }

    private void whenAwake(int thisLife, Runnable action) {
        if (life != thisLife) {
            return;
        }
        if (world.nowMs() < pausedUntilMs) {
            world.after(pausedUntilMs - world.nowMs(), () -> whenAwake(thisLife, action));
            return;
        }
        action.run();
    }

    private void send(int to, Runnable arrival) {
        world.send(id, to, arrival);
    }

    private void sendToBroker(int to, Runnable arrival) {
        ModelBroker other = story.broker(to);
        int otherLife = other.life;
        send(to, () -> other.whenAwake(otherLife, arrival));
    }

    private void heartbeat() {
        long now = epoch;
        int version = metadata.version();
        send(World.CONTROLLER, () -> story.controller().heartbeat(id, now, version));
    }

    /** Versions come in any order and count in theirs. */
    void learn(Metadata news) {
        whenAwake(life, () -> {
            if (isAlive && news.version() > metadata.version()) {
                metadata = news;
            }
            if (isAlive && news.version() >= metadata.version()) {
                handle(new Command.Assign(metadata.assignment()));
            }
        });
    }

    void pause(long forMs) {
        world.note(() -> id + " pauses for " + forMs);
        pausedUntilMs = world.nowMs() + forMs;
    }

    void crash() {
        world.note(() -> id + " crashes");
        life++;
        isAlive = false;
        isForcing = false;
        fetchesInFlight = 0;
        producers.hangUp();
        log.crash(world.random);
        state = new Detached(id, Math.min(checkpointedHighWatermark, log.endOffset()));
    }

    /** It registers, and begins with what was known then. */
    void restart(boolean hasLostItsDisk) {
        Metadata now = story.controller().register(id, hasLostItsDisk);
        world.note(() -> id + " starts" + (hasLostItsDisk ? " without its disk" : ""));
        if (hasLostItsDisk) {
            log.startAnew(0);
            checkpointedHighWatermark = 0;
        }
        life++;
        isAlive = true;
        pausedUntilMs = 0;
        epoch = story.controller().brokerEpoch(id);
        metadata = now;
        state = new Detached(id, Math.min(checkpointedHighWatermark, log.endOffset()));
        start();
    }

    private Brokers.@Nullable Broker known(int broker) {
        return metadata.brokers().get(broker);
    }

    private Answer handle(Command command) {
        LogView view = story.view(log);
        Step step = story.machine()
                .handle(state, command, new Circumstances(world.nowMs(), story.settings(), view, this::known));
        if (!step.state().equals(state) || !step.effects().isEmpty()) {
            world.note(() -> id + " " + command + " -> " + step.state() + " log " + log.startOffset() + ".."
                    + log.forcedEndOffset() + ".." + log.endOffset() + " " + step.effects());
        }
        state = step.state();
        for (Effect effect : step.effects()) {
            carryOut(effect);
        }
        if (step.effects().stream().anyMatch(Effect.Wake.class::isInstance)) {
            producers.look(state, story.settings(), story.history());
        }
        story.touched(this);
        return step.answer();
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Wake ignored -> {}
            case Effect.Note ignored -> {}
            case Effect.LookAgainAt(long atMs) ->
                later(life, Math.max(1, atMs - world.nowMs()), () -> handle(new Command.Tick()));
            case Effect.Force ignored -> force();
            case Effect.MoveStart(long offset) -> log.moveStart(offset);
            case Effect.Propose propose -> propose(propose);
            case Effect.FetchAgain ignored -> later(life, world.some(3), this::fetch);
            case Effect.Append ignored -> throw new IllegalStateException("handled where the batches are");
            case Effect.AskOffsets(int leader, int leaderEpoch) -> askOffsets(leader, leaderEpoch);
            case Effect.Truncate(long offset) -> truncate(() -> log.truncate(offset));
            case Effect.StartAnew(long offset) -> truncate(() -> log.startAnew(offset));
        }
    }

    private void truncate(Runnable truncation) {
        later(life, world.some(30), () -> {
            truncation.run();
            handle(new Command.Truncated());
        });
    }

    private void force() {
        if (isForcing || log.forcedEndOffset() == log.endOffset()) {
            return;
        }
        isForcing = true;
        long end = log.endOffset();
        int truncations = log.truncations();
        later(life, world.happens(0.05) ? world.some(200) : world.some(4), () -> {
            isForcing = false;
            if (log.truncations() == truncations) {
                log.forced(end);
            }
            handle(new Command.LogMoved());
            force();
        });
    }

    private void propose(Effect.Propose propose) {
        int thisLife = life;
        long brokerEpoch = epoch;
        Runnable attempt = () -> {
            boolean[] isAnswered = {false};
            send(World.CONTROLLER, () -> {
                ProposalOutcome outcome = story.controller().alter(id, brokerEpoch, propose.proposal());
                world.note(() -> "controller answers " + propose + " of " + id + ": " + outcome);
                world.send(
                        World.CONTROLLER,
                        id,
                        () -> whenAwake(thisLife, () -> {
                            if (!isAnswered[0]) {
                                isAnswered[0] = true;
                                handle(new Command.ProposalAnswered(propose.proposal(), outcome));
                            }
                        }));
            });
            later(thisLife, PROPOSAL_TIMEOUT_MS, () -> {
                if (!isAnswered[0]) {
                    isAnswered[0] = true;
                    handle(new Command.ProposalAnswered(propose.proposal(), new ProposalOutcome.Unanswered()));
                }
            });
        };
        if (propose.attempt() == 1) {
            attempt.run();
        } else {
            later(thisLife, 50, attempt);
        }
    }

    private void askOffsets(int leader, int leaderEpoch) {
        int thisLife = life;
        int from = id;
        sendToBroker(leader, () -> {
            ModelBroker other = story.broker(leader);
            ErrorCode error = other.state.checkLeaderEpoch(leaderEpoch);
            if (error == ErrorCode.NONE) {
                error = other.state.admit();
            }
            Command answer = error == ErrorCode.NONE
                    ? new Command.OffsetsAnswered(leaderEpoch, other.log.startOffset(), other.log.endOffset())
                    : new Command.OffsetsRefused(leaderEpoch, error);
            other.send(from, () -> whenAwake(thisLife, () -> handle(answer)));
        });
        later(thisLife, FETCH_TIMEOUT_MS, () -> {
            if (state instanceof Follower follower && follower.phase() instanceof FollowerPhase.AskingOffsets) {
                handle(new Command.OffsetsRefused(leaderEpoch, ErrorCode.NETWORK_EXCEPTION));
            }
        });
    }

    private void fetch() {
        if (fetchesInFlight > 0 || !(state instanceof Follower follower)) {
            return;
        }
        FetchPosition next =
                follower.nextFetch(new Circumstances(world.nowMs(), story.settings(), story.view(log), this::known));
        if (next == null) {
            return;
        }
        fetchesInFlight++;
        int thisLife = life;
        boolean[] isOver = {false};
        FollowerFetch fetch = new FollowerFetch(
                id,
                epoch,
                next.leaderEpoch(),
                next.offset(),
                next.lastFetchedEpoch(),
                next.logStartOffset(),
                next.highWatermark());
        sendToBroker(
                next.leader(),
                () -> story.broker(next.leader()).serve(fetch, this, (answer, entries) -> {
                    if (life == thisLife) {
                        if (!isOver[0]) {
                            isOver[0] = true;
                            fetchesInFlight--;
                        }
                        fetched(next, answer, entries);
                        later(thisLife, world.some(3), this::fetch);
                    }
                }));
        later(thisLife, FETCH_TIMEOUT_MS, () -> {
            if (!isOver[0]) {
                isOver[0] = true;
                fetchesInFlight--;
                fetched(next, new FetchAnswer.Refused(ErrorCode.NETWORK_EXCEPTION), List.of());
                later(thisLife, 1, this::fetch);
            }
        });
    }

    /** What comes back to a follower; it may come too late, or twice. */
    private interface Receiver {
        void receive(FetchAnswer answer, List<Entry> entries);
    }

    private void serve(FollowerFetch fetch, ModelBroker follower, Receiver receiver) {
        Answer answer = handle(new Command.Serve(fetch));
        int followersLife = follower.life;
        List<Entry> entries = List.of();
        FetchAnswer wire;
        switch (answer) {
            case Answer.MayRead readable -> {
                entries = log.from(fetch.offset(), 1 + world.random.nextInt(BATCHES_MAX));
                long high = readable.highWatermark();
                wire = entries.isEmpty()
                        ? new FetchAnswer.Nothing(high, readable.logStartOffset())
                        : new FetchAnswer.Batches(high, readable.logStartOffset());
            }
            case Answer.Diverging(EpochEnd end, long ignored, long ignoredToo) -> wire = new FetchAnswer.Diverging(end);
            case Answer.Refused(ErrorCode error) -> wire = new FetchAnswer.Refused(error);
            case Answer.None ignored -> throw new IllegalStateException("no answer to " + fetch);
        }
        List<Entry> sent = entries;
        long delayMs = sent.isEmpty() && wire instanceof FetchAnswer.Nothing ? 10 : 0;
        later(
                life,
                delayMs,
                () -> send(follower.id, () -> follower.whenAwake(followersLife, () -> receiver.receive(wire, sent))));
    }

    private void fetched(FetchPosition sent, FetchAnswer answer, List<Entry> entries) {
        LogView view = story.view(log);
        Step step = story.machine()
                .handle(
                        state,
                        new Command.FetchAnswered(sent, answer),
                        new Circumstances(world.nowMs(), story.settings(), view, this::known));
        boolean appends = step.effects().stream().anyMatch(Effect.Append.class::isInstance);
        if (!appends) {
            handle(new Command.FetchAnswered(sent, answer));
            return;
        }
        state = step.state();
        entries.forEach(log::append);
        handle(new Command.BatchesAppended((FetchAnswer.Batches) answer));
    }

    /** Appends as a producer with {@code acks=all} asks for. */
    void produce(int count) {
        if (!isAlive || world.nowMs() < pausedUntilMs || state.admitAll(story.settings()) != ErrorCode.NONE) {
            return;
        }
        List<Entry> entries = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            Entry entry = new Entry(state.leaderEpoch(), story.nextValue());
            entries.add(entry);
            log.append(entry);
        }
        world.note(() -> id + " appends " + entries + " below " + log.endOffset());
        producers.await(new Appended(state.leaderEpoch(), log.endOffset()), entries);
        if (world.happens(0.8)) {
            force();
        }
        producers.look(state, story.settings(), story.history());
        story.touched(this);
    }

    void deleteRecords() {
        if (isAlive && state instanceof Leader leader && leader.highWatermark() > log.startOffset()) {
            long gone = leader.highWatermark() - log.startOffset();
            log.moveStart(log.startOffset() + 1 + world.random.nextLong(gone));
            handle(new Command.LogMoved());
        }
    }
}
