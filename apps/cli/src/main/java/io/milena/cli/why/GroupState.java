package io.milena.cli.why;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group, seen twice with some time between.
 *
 * @param state as the broker calls it
 * @param members member id of each
 * @param elapsedMs the time between the two looks
 */
public record GroupState(String id, String state, List<String> members, List<Position> positions, long elapsedMs) {
    /**
     * A partition that the group reads.
     *
     * @param owner the id of the member that has it; null if nobody has, or if that is not known
     * @param committedBefore at the first look, and the log's end then; -1 for nothing committed
     */
    public record Position(
            String partition, @Nullable String owner, long committedBefore, long endBefore, long committed, long end) {
        long lag() {
            return committed < 0 ? end : Math.max(0, end - committed);
        }

        long read() {
            return committed - Math.max(0, committedBefore);
        }

        long written() {
            return end - endBefore;
        }
    }

    long lag() {
        return positions.stream().mapToLong(Position::lag).sum();
    }
}
