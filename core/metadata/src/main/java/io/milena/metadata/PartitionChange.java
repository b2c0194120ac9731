package io.milena.metadata;

import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One change of one partition in the making. Whoever wants something says so (an ISR, replicas, an election); {@link #record} then works out what follows: a
 * reassignment whose new replicas are in sync is completed, a leader is chosen if the present one cannot stay, those who left an ISR that became smaller
 * than min.insync.replicas stay eligible (KIP-966). A new leader is a new leader epoch, as is a smaller set of replicas; each change is a new partition epoch.
 *
 * <p>Without eligible leaders the last members of an ISR stay in it when they are gone: one of them is to come back and lead.
 */
final class PartitionChange {
    static final int NO_LEADER = -1;
    /** In a record: the leader stays, and its epoch. */
    static final int SAME_LEADER = -2;

    static final byte RECOVERED = 0;
    static final byte RECOVERING = 1;
    private static final byte SAME_RECOVERY_STATE = -1;

    /** Who may be elected. */
    enum Election {
        /** The first replica if it can lead, else the leader there is, else any that is in sync. */
        PREFERRED,
        /** The leader there is if it can stay, else the first replica that is in sync. */
        ONLINE,
        /** As before; if nobody is in sync, anybody, and records may be lost. */
        UNCLEAN
    }

    private final PartitionRecord partition;
    private final Rules rules;
    private Election election;
    private List<Integer> isr;
    private List<Integer> replicas;
    private List<Integer> adding;
    private List<Integer> removing;
    private List<Integer> eligible;
    private byte recoveryState;
    private Set<Integer> uncleanlyShutDown = Set.of();

    /**
     * What holds for a partition.
     *
     * @param mayLead whether a replica is up and has its log
     * @param hasEligibleLeaders whether the cluster knows eligible leader replicas
     */
    record Rules(IntPredicate mayLead, int minInsyncReplicas, boolean hasEligibleLeaders, boolean allowsUnclean) {}

    PartitionChange(PartitionRecord partition, Rules rules) {
        this.partition = partition;
        this.rules = rules;
        this.election = rules.allowsUnclean ? Election.UNCLEAN : Election.ONLINE;
        this.isr = partition.isr();
        this.replicas = partition.replicas();
        this.adding = partition.addingReplicas();
        this.removing = partition.removingReplicas();
        this.eligible = ids(partition.eligibleLeaderReplicas());
        this.recoveryState = partition.leaderRecoveryState();
    }

    PartitionChange election(Election wanted) {
        this.election = wanted;
        return this;
    }

    PartitionChange isr(List<Integer> wanted) {
        this.isr = wanted;
        return this;
    }

    PartitionChange recoveryState(byte state) {
        this.recoveryState = state;
        return this;
    }

    PartitionChange replicas(List<Integer> all, List<Integer> toAdd, List<Integer> toRemove) {
        this.replicas = all;
        this.adding = toAdd;
        this.removing = toRemove;
        return this;
    }

    /** They may have lost records that they had confirmed: they are not eligible. */
    PartitionChange uncleanlyShutDown(Set<Integer> brokers) {
        this.uncleanlyShutDown = brokers;
        return this;
    }

    /** Null if nothing changes. */
    @Nullable
    PartitionChangeRecord record() {
        completeReassignment();
        chooseEligible();
        PartitionChangeRecord.Builder record =
                PartitionChangeRecord.builder().topicId(partition.topicId()).partitionId(partition.partitionId());
        PartitionElection.Winner winner =
                new PartitionElection(partition, rules, isr, replicas, eligible).winner(election);
        if (winner.isUnclean()) {
            isr = Ids.of(winner.node());
            eligible = List.of();
            recoveryState = RECOVERING;
        } else if (eligible.contains(winner.node())) { // it has all that was confirmed, so it is the ISR now
            isr = Ids.of(winner.node());
            eligible = isLargeEnough() ? List.of() : Ids.without(eligible, Set.of(winner.node()));
        }
        if (winner.node() != partition.leader()) {
            record.leader(winner.node());
            rememberLastLeader(record, winner.node());
        } else if (!replicas.containsAll(partition.replicas())) {
            record.leader(
                    partition.leader()); // the epoch is new, so that nobody takes a removed replica for a present one
        }
        setMembers(record);
        if (recoveryState != partition.leaderRecoveryState()) {
            record.leaderRecoveryState(recoveryState);
        }
        PartitionChangeRecord built = record.build();
        return saysNothing(built) ? null : built;
    }

    /** All that are to be added are in sync: those to be removed can go. */
    private void completeReassignment() {
        if (adding.isEmpty() && removing.isEmpty()) {
            return;
        }
        List<Integer> isrLeft = Ids.without(isr, removing);
        List<Integer> replicasLeft = Ids.without(replicas, removing);
        boolean isInSync =
                isrLeft.containsAll(adding) && (adding.size() >= removing.size() || isrLeft.containsAll(replicasLeft));
        if (!isrLeft.isEmpty() && isInSync) {
            isr = isrLeft;
            replicas = replicasLeft;
            adding = List.of();
            removing = List.of();
        }
    }

    /** Those who were in sync when the ISR became too small stay eligible until it is large enough again: nothing can be confirmed meanwhile. */
    private void chooseEligible() {
        if (!rules.hasEligibleLeaders) {
            eligible = List.of();
            if (isr.isEmpty()) {
                isr = partition.isr();
            }
            return;
        }
        if (isLargeEnough()) {
            eligible = List.of();
            return;
        }
        List<Integer> candidates = new ArrayList<>(eligible);
        partition.isr().stream().filter(id -> !candidates.contains(id)).forEach(candidates::add);
        candidates.removeIf(id -> isr.contains(id) || uncleanlyShutDown.contains(id) || !replicas.contains(id));
        eligible = Ids.of(candidates);
    }

    /** The ISR, for something to be confirmed: then nobody else is eligible, who would not have it. */
    private boolean isLargeEnough() {
        return isr.size() >= Math.min(rules.minInsyncReplicas, replicas.size());
    }

    /** Of a partition that loses its leader, until it has one again. */
    private void rememberLastLeader(PartitionChangeRecord.Builder record, int leader) {
        List<Integer> known = ids(partition.lastKnownElr());
        if (!rules.hasEligibleLeaders) {
            return;
        }
        if (leader == NO_LEADER && known.isEmpty()) {
            record.lastKnownElr(Ids.of(partition.leader()));
        } else if (leader != NO_LEADER && !known.isEmpty()) {
            record.lastKnownElr(List.of());
        }
    }

    private void setMembers(PartitionChangeRecord.Builder record) {
        if (!isr.equals(partition.isr())) {
            record.isr(isr);
        }
        if (!eligible.equals(ids(partition.eligibleLeaderReplicas()))) {
            record.eligibleLeaderReplicas(eligible);
        }
        if (!replicas.equals(partition.replicas())) {
            record.replicas(replicas).directories(directoriesOfReplicas());
        }
        if (!adding.equals(partition.addingReplicas())) {
            record.addingReplicas(adding);
        }
        if (!removing.equals(partition.removingReplicas())) {
            record.removingReplicas(removing);
        }
    }

    private List<UUID> directoriesOfReplicas() {
        List<UUID> directories = new ArrayList<>();
        for (Integer replica : replicas) {
            int before = partition.replicas().indexOf(replica);
            directories.add(
                    before >= 0 && before < partition.directories().size()
                            ? partition.directories().get(before)
                            : Controller.UNASSIGNED_DIRECTORY);
        }
        return directories;
    }

    private static boolean saysNothing(PartitionChangeRecord change) {
        return change.equals(PartitionChangeRecord.builder()
                .topicId(change.topicId())
                .partitionId(change.partitionId())
                .build());
    }

    /** The partition after a change: what the change does not name stays; each is a new partition epoch, each election a new leader epoch, be it of the same leader. */
    static PartitionRecord applied(PartitionChangeRecord change, PartitionRecord old) {
        boolean isElection = change.leader() != SAME_LEADER;
        return old.toBuilder()
                .isr(orElse(change.isr(), old.isr()))
                .leader(isElection ? change.leader() : old.leader())
                .leaderEpoch(isElection ? old.leaderEpoch() + 1 : old.leaderEpoch())
                .partitionEpoch(old.partitionEpoch() + 1)
                .replicas(orElse(change.replicas(), old.replicas()))
                .removingReplicas(orElse(change.removingReplicas(), old.removingReplicas()))
                .addingReplicas(orElse(change.addingReplicas(), old.addingReplicas()))
                .leaderRecoveryState(
                        change.leaderRecoveryState() == SAME_RECOVERY_STATE
                                ? old.leaderRecoveryState()
                                : change.leaderRecoveryState())
                .directories(orElse(change.directories(), old.directories()))
                .eligibleLeaderReplicas(
                        change.eligibleLeaderReplicas() == null
                                ? old.eligibleLeaderReplicas()
                                : change.eligibleLeaderReplicas())
                .lastKnownElr(change.lastKnownElr() == null ? old.lastKnownElr() : change.lastKnownElr())
                .build();
    }

    static List<Integer> ids(@Nullable List<Integer> ids) {
        return ids == null ? List.of() : ids;
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
