package io.milena.groups;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a classic group stands, with what only that state has.
 *
 * <pre>
 *   Empty --join--> PreparingRebalance --all joined, or time up--> CompletingRebalance --leader's sync--> Stable
 *     ^                |      ^   ^                                        |                                |
 *     '-- nobody left -'      |   '-- join, leave, time-out, failed write -'                                |
 *                             '------------ join, leave, time-out ------------------------------------------'
 * </pre>
 *
 * Kafka's fifth state, Dead, is a group that the shard no longer has.
 */
sealed interface GroupState {
    /** The state's name on the wire. */
    String label();

    /** Nobody is in the group; its offsets are kept. */
    record Empty() implements GroupState {
        @Override
        public String label() {
            return "Empty";
        }
    }

    /** A new generation is being gathered: the members' join requests wait here. */
    final class PreparingRebalance implements GroupState {
        /** Member id to the join request that waits, in the order of arrival. */
        private final Map<String, RequestContext> joins = new LinkedHashMap<>();

        /** The round ends here, joined or not. */
        private long deadlineMs;

        /** Not null while a group that was empty waits for more members: such a round ends by time only. */
        private @Nullable InitialDelay initialDelay;

        PreparingRebalance(long deadlineMs, @Nullable InitialDelay initialDelay) {
            this.deadlineMs = deadlineMs;
            this.initialDelay = initialDelay;
        }

        Map<String, RequestContext> joins() {
            return joins;
        }

        long deadlineMs() {
            return deadlineMs;
        }

        @Nullable
        InitialDelay initialDelay() {
            return initialDelay;
        }

        void moveDeadline(long newDeadlineMs, @Nullable InitialDelay newDelay) {
            deadlineMs = newDeadlineMs;
            initialDelay = newDelay;
        }

        void noteNewMember() {
            if (initialDelay != null) {
                initialDelay = new InitialDelay(initialDelay.remainingMs(), true);
            }
        }

        @Override
        public String label() {
            return "PreparingRebalance";
        }
    }

    /**
     * The wait for more members of a group that was empty.
     *
     * @param remainingMs how much longer it may still be extended
     * @param hasNewMember whether somebody came since it was last extended
     */
    record InitialDelay(int remainingMs, boolean hasNewMember) {}

    /** The generation is fixed and the leader computes the assignment: the members' sync requests wait here. */
    final class CompletingRebalance implements GroupState {
        private final Map<String, RequestContext> syncs = new LinkedHashMap<>();
        private final SyncRound round;

        CompletingRebalance(SyncRound round) {
            this.round = round;
        }

        /** Member id to the sync request that waits, in the order of arrival. */
        Map<String, RequestContext> syncs() {
            return syncs;
        }

        SyncRound round() {
            return round;
        }

        @Override
        public String label() {
            return "CompletingRebalance";
        }
    }

    /** Every member has an assignment. */
    record Stable(SyncRound round) implements GroupState {
        @Override
        public String label() {
            return "Stable";
        }
    }

    /** Who has not asked for the assignment of this generation yet, and until when it may. */
    final class SyncRound {
        private final Set<String> missing;
        private final long deadlineMs;

        SyncRound(Set<String> members, long deadlineMs) {
            this.missing = new LinkedHashSet<>(members);
            this.deadlineMs = deadlineMs;
        }

        /** A round that is over, as after loading. */
        static SyncRound complete() {
            return new SyncRound(Set.of(), Long.MAX_VALUE);
        }

        Set<String> missing() {
            return Collections.unmodifiableSet(missing);
        }

        boolean isComplete() {
            return missing.isEmpty();
        }

        long deadlineMs() {
            return deadlineMs;
        }

        void remove(String memberId) {
            missing.remove(memberId);
        }

        void replace(String oldMemberId, String newMemberId) {
            if (missing.remove(oldMemberId)) {
                missing.add(newMemberId);
            }
        }
    }
}
