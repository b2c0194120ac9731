package io.milena.groups;

import java.util.Locale;

/**
 * Something that has happened to a group, for people who ask later why it rebalanced. What clients say of themselves is cut, and made one line.
 *
 * @param generation of the group behind the event
 * @param members how many the group has behind the event
 * @param memberId of whom, or empty
 * @param clientId what that member calls itself, or empty
 * @param reason why; empty where the kind says all
 */
public record GroupEvent(Kind kind, int generation, int members, String memberId, String clientId, String reason) {
    private static final int LENGTH_MAX = 300;

    public GroupEvent {
        memberId = cut(memberId);
        clientId = cut(clientId);
        reason = cut(reason);
    }

    /** What can happen. */
    public enum Kind {
        /** A new member has come. */
        MEMBER_JOINED,
        /** A member that was there asks for another assignment. */
        MEMBER_REJOINED,
        /** The process of a static member was started anew and has taken its place. */
        MEMBER_RESTARTED,
        /** A member has said that it goes, or somebody has taken it out. */
        MEMBER_LEFT,
        /** Nothing was heard of a member for the time of its session. */
        MEMBER_TIMED_OUT,
        /** A member did not join a round in time. */
        MEMBER_LATE,
        /** A member never asked for its assignment. */
        MEMBER_SILENT,
        /** A round has begun: nobody has partitions until it ends. */
        REBALANCE,
        /** All have joined, and the leader decides. */
        GENERATION,
        /** Everybody knows its partitions. */
        ASSIGNED,
        /** The last member has gone. */
        EMPTY;

        /** As {@code member-joined}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), LENGTH_MAX)).replaceAll("\\p{Cntrl}", " ");
    }
}
