package io.milena.broker.partitions;

import io.milena.log.AppendResult;
import io.milena.log.Log;
import io.milena.protocol.ErrorCode;
import io.milena.replication.Answer;
import io.milena.replication.Appended;
import io.milena.replication.Assignment;
import io.milena.replication.Circumstances;
import io.milena.replication.Command;
import io.milena.replication.Detached;
import io.milena.replication.Effect;
import io.milena.replication.FetchAnswer;
import io.milena.replication.FetchPosition;
import io.milena.replication.Follower;
import io.milena.replication.Leader;
import io.milena.replication.ReplicaState;
import io.milena.replication.Replicated;
import io.milena.replication.Replication;
import io.milena.replication.ReplicationSettings;
import io.milena.replication.Step;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The host of what {@link Replication} decides for one replica: it holds the state, and carries out the effects. Commands come one at a time. Nothing is appended as the leader of an epoch that is
 * over. Whoever only reads takes the state without a lock.
 */
public final class Replica {
    private static final System.Logger LOG = System.getLogger(Replica.class.getName());
    private static final long TRUNCATION_RETRY_MS = 1_000;
    private static final ByteBuffer NO_BATCHES = ByteBuffer.allocate(0);

    private final Log log;
    private final ReplicaHost host;
    private final LogFacts facts;
    /** Held while a command is handled. */
    private final ReentrantLock commands = new ReentrantLock();
    /** Between who appends as the leader and who ends that epoch. Taken after the other one. */
    private final ReentrantReadWriteLock leading = new ReentrantReadWriteLock();

    /** Whether something was forced that no command has told of yet. */
    private final AtomicBoolean hasLogMoved = new AtomicBoolean();

    private volatile boolean isEnded;
    private volatile ReplicaState state;
    private volatile ReplicationSettings settings;

    /** It does nothing before it has an {@link #assign assignment}. */
    public Replica(Log log, ReplicaHost host, ReplicationSettings settings) {
        this.log = log;
        this.host = host;
        this.facts = new LogFacts(log);
        this.settings = settings;
        this.state = new Detached(host.localId(), log.committed().value());
    }

    public ReplicaState state() {
        return state;
    }

    /** Alone, a leader's high watermark is what it has forced. */
    private static boolean isAlone(ReplicaState state) {
        return state instanceof Leader leader && leader.followers().isEmpty();
    }

    /** Whether there is no other. */
    public boolean isAlone() {
        return isAlone(state);
    }

    /** Takes over what the metadata say. */
    public void assign(Assignment assignment) {
        boolean willBeAlone = assignment.replicas().size() == 1;
        log.onFlush(
                willBeAlone
                        ? log::flushedOffset
                        : () -> {
                            hasLogMoved.set(true);
                            tellIfLogHasMoved();
                            return highWatermark();
                        });
        if (log.isOffline()) {
            handle(new Command.LogFailed()); // or it would follow, and count as one that has caught up
        }
        handle(new Command.LogMoved()); // what was forced while nobody listened counts before others do
        handle(new Command.Assign(assignment));
    }

    long highWatermark() {
        ReplicaState now = state;
        return isAlone(now) ? log.flushedOffset() : now.highWatermark();
    }

    public void settings(ReplicationSettings changed) {
        settings = changed;
    }

    /** Appends as the leader, unless this is none or too few replicas are in sync for what the producer demands. */
    AppendResult append(boolean needsAll, IntFunction<AppendResult> append) {
        boolean hasFollowers;
        AppendResult result;
        leading.readLock().lock();
        try {
            ReplicaState now = state;
            ErrorCode refused = needsAll ? now.admitAll(settings) : now.admit();
            if (refused != ErrorCode.NONE) {
                return refusal(refused);
            }
            hasFollowers = !isAlone(now);
            result = append.apply(now.leaderEpoch());
        } finally {
            leading.readLock().unlock();
        }
        if (hasFollowers && result instanceof AppendResult.Appended) {
            log.changed().reach(highWatermark()); // followers fetch what is not forced yet
            if (log.flushedOffset() >= log.logEndOffset()) {
                handle(new Command.LogMoved());
            }
        }
        return result;
    }

    private static AppendResult.Refused refusal(ErrorCode error) {
        return switch (error) {
            case NOT_ENOUGH_REPLICAS ->
                AppendResult.Refused.because(
                        AppendResult.Reason.NOT_ENOUGH_REPLICAS, "fewer replicas are in sync than min.insync.replicas");
            case KAFKA_STORAGE_ERROR ->
                AppendResult.Refused.because(AppendResult.Reason.KAFKA_STORAGE_ERROR, "the log is offline");
            default ->
                AppendResult.Refused.because(
                        AppendResult.Reason.NOT_LEADER_OR_FOLLOWER, "this broker does not lead the partition");
        };
    }

    /** How far a wait for all in-sync replicas has come. */
    Replicated replicated(Appended appended) {
        ReplicaState now = state;
        if (isAlone(now)) {
            return log.flushedOffset() >= appended.endOffset()
                    ? new Replicated.Over(ErrorCode.NONE)
                    : new Replicated.NotYet();
        }
        return now.replicated(appended, settings);
    }

    Circumstances circumstances() {
        return new Circumstances(
                TimeUnit.NANOSECONDS.toMillis(host.environment().clock().nanos()), settings, facts, host.brokers());
    }

    /** How many bytes a follower may be sent now: those that are in sync are not held back. */
    long availableTo(int follower) {
        return isInSync(follower) ? Long.MAX_VALUE : host.followersThrottle().available(this);
    }

    /** A follower is sent so many bytes. */
    void sent(int follower, long bytes) {
        if (!isInSync(follower)) {
            host.followersThrottle().copied(this, bytes);
        }
    }

    private boolean isInSync(int broker) {
        return state instanceof Leader leader && leader.assignment().isr().contains(broker);
    }

    /** The partition is not here any more: its topic was deleted, or it has moved. Nothing is fetched for it again. */
    void end() {
        isEnded = true;
    }

    public boolean isEnded() {
        return isEnded;
    }

    /** What to fetch now from the leader; null when there is nothing to fetch, or nobody to fetch from. */
    public @Nullable FetchPosition nextFetch() {
        return !isEnded && state instanceof Follower follower ? follower.nextFetch(circumstances()) : null;
    }

    public Answer handle(Command command) {
        return handle(command, NO_BATCHES);
    }

    /** @param batches of the answer, if it is one that has some */
    public Answer handle(Command command, ByteBuffer batches) {
        commands.lock();
        try {
            return handleWithLock(command, batches);
        } finally {
            commands.unlock();
            tellIfLogHasMoved();
        }
    }

    /** The thread that has forced the log waits for no command, which may itself wait for that thread: whoever is at one tells afterwards. */
    private void tellIfLogHasMoved() {
        while (hasLogMoved.get() && commands.tryLock()) {
            try {
                if (hasLogMoved.getAndSet(false)) {
                    handleWithLock(new Command.LogMoved(), NO_BATCHES);
                }
            } finally {
                commands.unlock();
            }
        }
    }

    private Answer handleWithLock(Command command, ByteBuffer batches) {
        Deque<Command> due = new ArrayDeque<>();
        due.add(command);
        Answer answer = new Answer.None();
        for (boolean isFirst = true; !due.isEmpty(); isFirst = false) {
            Step step = decide(due.remove());
            for (Effect effect : step.effects()) {
                Command next = carryOut(effect, batches);
                if (next != null) {
                    due.add(next);
                }
            }
            answer = isFirst ? step.answer() : answer;
        }
        return answer;
    }

    /** Where an epoch begins or ends, nobody appends meanwhile; else nobody is disturbed. */
    private Step decide(Command command) {
        boolean endsEpoch = !(state instanceof Leader leader)
                || (command instanceof Command.Assign(Assignment next)
                        && (next.leader() != leader.assignment().leader()
                                || next.leaderEpoch() != leader.leaderEpoch()));
        if (!endsEpoch) {
            return replaced(command);
        }
        leading.writeLock().lock();
        try {
            return replaced(command);
        } finally {
            leading.writeLock().unlock();
        }
    }

    private Step replaced(Command command) {
        Step step = Replication.handle(state, command, circumstances());
        state = step.state();
        log.committed().set(isAlone(state) ? 0 : state.highWatermark()); // alone, the forced end says it
        return step;
    }

    /** Answers the command that follows at once, if there is one. */
    private @Nullable Command carryOut(Effect effect, ByteBuffer batches) {
        switch (effect) {
            case Effect.Wake(long offset) -> log.changed().reach(offset);
            case Effect.LookAgainAt(long atMs) -> host.lookAgain(this, atMs);
            case Effect.Note(String text) -> LOG.log(Level.INFO, "{0}: {1}", name(), text);
            case Effect.Force ignored -> log.requestFlush();
            case Effect.MoveStart(long offset) -> log.deleteRecordsBefore(Math.min(offset, log.logEndOffset()));
            case Effect.Propose(var proposal, int attempt) -> host.propose(this, proposal, attempt);
            case Effect.FetchAgain ignored -> host.fetch(this);
            case Effect.Append(var answer) -> {
                return appended(log.appendAsFollower(batches), answer);
            }
            case Effect.AskOffsets(int leader, int leaderEpoch) -> host.askOffsets(this, leader, leaderEpoch);
            case Effect.Truncate(long offset) -> truncate("truncate", () -> log.truncateTo(offset));
            case Effect.StartAnew(long offset) -> truncate("start-anew", () -> log.truncateFullyAndStartAt(offset));
        }
        return null;
    }

    private Command appended(AppendResult result, FetchAnswer.Batches answer) {
        return switch (result) {
            case AppendResult.Appended ignored -> new Command.BatchesAppended(answer);
            case AppendResult.Duplicate ignored -> new Command.BatchesAppended(answer);
            case AppendResult.Refused refused -> {
                LOG.log(Level.WARNING, "{0}: cannot append what was fetched: {1}", name(), refused.message());
                yield log.isOffline()
                        ? new Command.LogFailed()
                        : new Command.AppendFailed(
                                ErrorCode.valueOf(refused.reason().name()));
            }
        };
    }

    private interface Truncating {
        void run() throws IOException;
    }

    /** Takes away the end on a thread of its own, since that is forced. What fails without a trace is tried again; anything else takes the log offline. */
    private void truncate(String how, Truncating truncating) {
        host.environment().threads().startBlocking(how + "-" + name(), () -> {
            try {
                while (!isTruncated(truncating)) {
                    if (log.isOffline()) {
                        handle(new Command.LogFailed());
                        return;
                    }
                    host.environment().clock().sleepMs(TRUNCATION_RETRY_MS);
                }
                handle(new Command.Truncated());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean isTruncated(Truncating truncating) {
        try {
            truncating.run();
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0}: the end cannot be taken away: {1}", name(), e.getMessage());
            return false;
        }
    }

    public String name() {
        return log.topic() + "-" + log.partition();
    }

    public Log log() {
        return log;
    }
}
