package io.milena.replication;

import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replica that takes records and gives them to the others.
 *
 * @param leadingSinceEpoch the first leader epoch of those that this broker has led without following anybody in between: what it appended since then was never taken away
 * @param epochStartOffset where the log ended when this epoch began
 * @param followers the other replicas, in the order of the assignment
 */
public record Leader(
        int localId,
        Assignment assignment,
        int leadingSinceEpoch,
        long epochStartOffset,
        List<FollowerProgress> followers,
        IsrChange change,
        long highWatermark)
        implements ReplicaState {
    public Leader {
        followers = List.copyOf(followers);
    }

    @Override
    public int leaderEpoch() {
        return assignment.leaderEpoch();
    }

    public List<Integer> isr() {
        return assignment.isr();
    }

    /** The in-sync replicas and those that may be without this leader's knowledge. */
    public List<Integer> maximalIsr() {
        List<Integer> all = new ArrayList<>(isr());
        for (int addition : change.additions()) {
            if (!all.contains(addition)) {
                all.add(addition);
            }
        }
        return all;
    }

    private int minIsr(ReplicationSettings settings) {
        return Math.min(settings.minInsyncReplicas(), assignment.replicas().size());
    }

    /** Whether fewer replicas are in sync than the topic demands, or than there are where it demands more. */
    public boolean isUnderMinIsr(ReplicationSettings settings) {
        return isr().size() < minIsr(settings);
    }

    @Override
    public ErrorCode admit() {
        return ErrorCode.NONE;
    }

    @Override
    public ErrorCode admitAll(ReplicationSettings settings) {
        return isUnderMinIsr(settings) ? ErrorCode.NOT_ENOUGH_REPLICAS : ErrorCode.NONE;
    }

    /**
     * Kafka's {@code checkEnoughReplicasReachOffset}. Records of an epoch that this broker led before it followed somebody may have been truncated and their offsets given to others, even if the high
     * watermark has passed them: Kafka ends such waits when the leader changes, and so does this.
     */
    @Override
    public Replicated replicated(Appended appended, ReplicationSettings settings) {
        if (appended.leaderEpoch() < leadingSinceEpoch) {
            return new Replicated.Over(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        if (highWatermark < appended.endOffset()) {
            return new Replicated.NotYet();
        }
        boolean isEnough = minIsr(settings) <= maximalIsr().size();
        return new Replicated.Over(isEnough ? ErrorCode.NONE : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    }

    /**
     * Whether the latest offset can be told to consumers: not before the high watermark has passed what earlier leaders may have shown, which is at most what this log had when it began to lead (KIP-207).
     */
    public ErrorCode latestOffsetError() {
        return highWatermark < epochStartOffset ? ErrorCode.OFFSET_NOT_AVAILABLE : ErrorCode.NONE;
    }

    /** Below it all replicas that live have deleted their records, which DeleteRecords waits for (KIP-107). */
    public long lowWatermark(LogView log, Brokers brokers) {
        long lowest = log.startOffset();
        for (FollowerProgress follower : followers) {
            Brokers.Broker broker = brokers.find(follower.id());
            if (broker != null && broker.standing() != Brokers.Standing.FENCED) {
                lowest = Math.min(lowest, follower.startOffset());
            }
        }
        return lowest;
    }

    /** Where an epoch ends in the leader's log, in which its own epoch has begun even if it has no records yet. */
    public EpochEnd endOf(int epoch, LogView log) {
        if (epoch < 0 || epoch > leaderEpoch()) {
            return EpochEnd.UNKNOWN;
        }
        if (epoch == leaderEpoch()) {
            return new EpochEnd(epoch, log.endOffset());
        }
        int latest = log.latestEpoch();
        if (epoch <= latest && latest == leaderEpoch()) {
            return log.endOf(epoch);
        }
        if (epoch >= latest) {
            return new EpochEnd(latest < 0 ? epoch : latest, epochStartOffset);
        }
        return log.endOf(epoch);
    }

    @Nullable
    FollowerProgress follower(int id) {
        for (FollowerProgress follower : followers) {
            if (follower.id() == id) {
                return follower;
            }
        }
        return null;
    }

    Leader with(FollowerProgress changed) {
        List<FollowerProgress> next = new ArrayList<>(followers.size());
        for (FollowerProgress follower : followers) {
            next.add(follower.id() == changed.id() ? changed : follower);
        }
        return new Leader(localId, assignment, leadingSinceEpoch, epochStartOffset, next, change, highWatermark);
    }

    Leader with(IsrChange newChange) {
        return new Leader(
                localId, assignment, leadingSinceEpoch, epochStartOffset, followers, newChange, highWatermark);
    }

    Leader withHighWatermark(long offset) {
        return new Leader(localId, assignment, leadingSinceEpoch, epochStartOffset, followers, change, offset);
    }

    /** The same leader epoch goes on with what the controller has decided; whatever was under way is over with it. */
    Leader with(Assignment newAssignment, List<FollowerProgress> newFollowers) {
        return new Leader(
                localId,
                newAssignment,
                leadingSinceEpoch,
                epochStartOffset,
                newFollowers,
                new IsrChange.None(),
                highWatermark);
    }
}
