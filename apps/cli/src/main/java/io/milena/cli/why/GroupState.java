package io.milena.cli.why;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A group, seen twice with some time between.
 *
 * @param state as the broker calls it
 * @param elapsedMs the time between the two looks
 */
public record GroupState(String id, String state, Membership membership, List<Position> positions, long elapsedMs) {
    /**
     * Who is in it, and what came of that.
     *
     * @param members member id of each
     * @param awaited those that have still to let go of partitions, or to hear of theirs; only where the coordinator assigns them
     * @param events what its coordinator remembers of members and rebalances, the latest last
     */
    public record Membership(List<String> members, List<String> awaited, List<Event> events) {}

    /**
     * Something that has happened.
     *
     * @param what for people, as {@code member m1 timed out}
     */
    public record Event(String what, long agoMs) {
        String told() {
            return what + " " + (agoMs < 1000 ? agoMs + " ms" : agoMs / 1000 + " s") + " ago";
        }
    }

    /**
     * A partition that the group reads.
     *
     * @param owner the id of the member that has it; null if nobody has, or if that is not known
     * @param committedBefore at the first look, and the log's end then; -1 for nothing committed
     */
    public record Position(
            String partition, @Nullable String owner, long committedBefore, long endBefore, long committed, long end) {
        /** Nothing is left that the group gets: what is between its offset and the end are ends of transactions. */
        public Position atItsEnd() {
            return new Position(
                    partition, owner, committedBefore, Math.min(endBefore, committed), committed, committed);
        }

        long lag() {
            return committed < 0 ? end : Math.max(0, end - committed);
        }

        long read() {
            return Math.max(0, committed) - Math.max(0, committedBefore);
        }

        long written() {
            return end - endBefore;
        }
    }

    long lag() {
        return positions.stream().mapToLong(Position::lag).sum();
    }

    List<String> members() {
        return membership.members;
    }

    Optional<Event> latestEvent() {
        return membership.events.isEmpty() ? Optional.empty() : Optional.of(membership.events.getLast());
    }
}
