package io.milena.replication;

import java.util.List;

/**
 * A change of the in-sync replicas that a leader asks the controller for: an AlterPartition request. It can be carried out only while the partition is at exactly this partition epoch.
 *
 * @param additions those of the members that are not in sync yet
 */
public record Proposal(int leaderEpoch, int partitionEpoch, List<Member> members, List<Integer> additions) {
    public Proposal {
        members = List.copyOf(members);
        additions = List.copyOf(additions);
    }

    /** @param brokerEpoch of the life that is meant, or -1 where the leader has not heard of it (KIP-903) */
    public record Member(int id, long brokerEpoch) {}
}
