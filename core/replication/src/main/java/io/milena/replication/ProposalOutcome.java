package io.milena.replication;

import io.milena.protocol.ErrorCode;
import java.util.List;

/** What became of a {@link Proposal}. */
public sealed interface ProposalOutcome {
    /** The partition as the controller knows it now. */
    record Accepted(int leaderEpoch, int partitionEpoch, List<Integer> isr) implements ProposalOutcome {
        public Accepted {
            isr = List.copyOf(isr);
        }
    }

    /** An error for the partition or for the whole request. */
    record Refused(ErrorCode error) implements ProposalOutcome {}

    /** No answer came in time: it may have been carried out, or may yet be. */
    record Unanswered() implements ProposalOutcome {}
}
