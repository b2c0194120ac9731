package io.milena.replication;

import java.util.List;

/**
 * What may be changing in the set of in-sync replicas without this leader's knowledge. What may be added counts as in sync for the high watermark from the moment that it is proposed, since the
 * controller may elect it from the moment that it accepts: the <em>maximal</em> ISR of Kafka's {@code PartitionState}.
 */
public sealed interface IsrChange {
    /** Members that the controller may know of, and the assignment does not. */
    List<Integer> additions();

    /** Nothing is under way. */
    record None() implements IsrChange {
        @Override
        public List<Integer> additions() {
            return List.of();
        }
    }

    /**
     * Proposed, and not answered. There is never more than one.
     *
     * @param attempt from 1 on
     * @param lostAttempts of those before, how many may be carried out although their answer did not come
     */
    record InFlight(Proposal proposal, int attempt, int lostAttempts) implements IsrChange {
        @Override
        public List<Integer> additions() {
            return proposal.additions();
        }
    }

    /** The controller knows more than this leader, which learns it from the metadata; until then it proposes nothing. */
    record Outdated(Proposal proposal) implements IsrChange {
        @Override
        public List<Integer> additions() {
            return proposal.additions();
        }
    }

    /**
     * Refused, but an earlier attempt whose answer did not come may still be on its way to the controller, and be accepted there because what made the last one fail is over. Nothing that is in flight
     * lives as long as {@code replica.lag.time.max.ms}; until then its additions count, and nothing else is proposed.
     */
    record InDoubt(Proposal proposal, long untilMs) implements IsrChange {
        @Override
        public List<Integer> additions() {
            return proposal.additions();
        }
    }
}
