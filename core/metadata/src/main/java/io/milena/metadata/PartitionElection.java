package io.milena.metadata;

import io.milena.metadata.PartitionChange.Election;
import io.milena.metadata.PartitionChange.Rules;
import io.milena.protocol.record.PartitionRecord;
import java.util.List;

/**
 * Who leads a partition: of the replicas that are up, one that is in sync; if the ISR is empty, one that is eligible; if nobody is, the last leader that is known
 * (KIP-966) or, where that is allowed, anybody.
 *
 * @param partition as it is
 * @param isr as it will be, like the rest
 */
record PartitionElection(
        PartitionRecord partition, Rules rules, List<Integer> isr, List<Integer> replicas, List<Integer> eligible) {
    /**
     * The outcome.
     *
     * @param node -1 if nobody can lead
     * @param isUnclean whether records may be lost
     */
    record Winner(int node, boolean isUnclean) {}

    private static final Winner NOBODY = new Winner(PartitionChange.NO_LEADER, false);

    Winner winner(Election election) {
        if (election == Election.PREFERRED && isValid(replicas.getFirst())) {
            return new Winner(replicas.getFirst(), false);
        }
        if (isValid(partition.leader())) {
            return new Winner(partition.leader(), false);
        }
        for (int replica : replicas) {
            if (isValid(replica)) {
                return new Winner(replica, false);
            }
        }
        if (canElectLastKnown()) {
            return new Winner(PartitionChange.ids(partition.lastKnownElr()).getFirst(), true);
        }
        if (election == Election.UNCLEAN) {
            for (int replica : replicas) {
                if (rules.mayLead().test(replica)) {
                    return new Winner(replica, true);
                }
            }
        }
        return NOBODY;
    }

    private boolean isValid(int replica) {
        boolean hasAll = isr.contains(replica) || (isr.isEmpty() && eligible.contains(replica));
        return hasAll && rules.mayLead().test(replica);
    }

    /** Nobody is in sync and nobody is eligible, because all of them have been shut down uncleanly: the last leader had the most. */
    private boolean canElectLastKnown() {
        List<Integer> known = PartitionChange.ids(partition.lastKnownElr());
        return rules.hasEligibleLeaders()
                && isr.isEmpty()
                && eligible.isEmpty()
                && known.size() == 1
                && replicas.contains(known.getFirst())
                && rules.mayLead().test(known.getFirst());
    }
}
