package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.simulator.Brokers.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The partitions that one member of a team has been given, and how far it has read each of them. It commits in the name in which it was given them, also when it is late and others have them by now. */
final class Portion {
    private final Team team;
    private final String member;
    private final Map<Integer, Long> positions = new TreeMap<>();
    private int epoch;
    private boolean isUncertain;

    private Portion(Team team, String member, int epoch) {
        this.team = team;
        this.member = member;
        this.epoch = epoch;
    }

    /** From where the team has read them; null if nobody says how far that is. */
    static @Nullable Portion take(Brokers brokers, Team team, String member, int epoch, List<Integer> partitions)
            throws IOException {
        Portion taken = new Portion(team, member, epoch);
        if (!partitions.isEmpty()) {
            List<Long> committed = team.committed(brokers, member, epoch, partitions);
            if (committed == null) {
                return null;
            }
            for (int i = 0; i < partitions.size(); i++) {
                taken.positions.put(partitions.get(i), committed.get(i));
            }
        }
        return taken;
    }

    boolean isEmpty() {
        return positions.isEmpty();
    }

    /** The member is in a new epoch, and keeps what it has. */
    void renew(int newEpoch) {
        epoch = newEpoch;
    }

    /** Whether a commit was sent that nobody has answered: it may be carried out at any time. */
    boolean isUncertain() {
        return isUncertain;
    }

    /** Reads a part of each partition, and commits that; false if it may not. */
    boolean readOn(Brokers brokers) throws IOException {
        for (Map.Entry<Integer, Long> each : positions.entrySet()) {
            CommittedRecords read =
                    CommittedReader.fetch(brokers, Target.leader(team.topic(), each.getKey()), each.getValue());
            if (read == null) {
                return brokers.comesAgain();
            }
            if (read.next() > each.getValue()) {
                if (!commit(brokers, each.getKey(), read.next())) {
                    return false;
                }
                each.setValue(read.next());
            }
        }
        return true;
    }

    private boolean commit(Brokers brokers, int partition, long offset) throws IOException {
        OffsetCommitRequestPartition read = OffsetCommitRequestPartition.builder()
                .partitionIndex(partition)
                .committedOffset(offset)
                .committedLeaderEpoch(brokers.leaderEpoch(Target.leader(team.topic(), partition)))
                .build();
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(team.group())
                .memberId(member)
                .generationIdOrMemberEpoch(epoch)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(team.topic())
                        .partitions(List.of(read))
                        .build()))
                .build();
        team.asked(partition, offset);
        isUncertain = true;
        short error = brokers.ask(team.coordinator(), request, 9, OffsetCommitResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode();
        isUncertain = false;
        boolean isFine = brokers.isFine(
                error,
                "committing offset " + offset + " of partition " + partition + " as " + member,
                ErrorCode.UNKNOWN_MEMBER_ID,
                ErrorCode.ILLEGAL_GENERATION,
                ErrorCode.REBALANCE_IN_PROGRESS,
                ErrorCode.STALE_MEMBER_EPOCH,
                ErrorCode.GROUP_ID_NOT_FOUND);
        if (isFine) {
            team.confirmed(partition, offset);
        }
        return isFine;
    }
}
