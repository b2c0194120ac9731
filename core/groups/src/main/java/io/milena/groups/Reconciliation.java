package io.milena.groups;

import io.milena.groups.ConsumerMember.Holding;
import io.milena.groups.ConsumerMember.Progress;
import io.milena.groups.assignment.PartitionId;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The next step of a member towards its target: it first gives up what it is not to have any more, and only then goes to the epoch of the target and gets what nobody else has.
 *
 * <pre>
 *              has too much                            has no more of it
 *   STABLE ----------------> UNREVOKED (old epoch) -------------------.
 *     |  '------------------- nothing to give up -------------------. |
 *     |                                                             v v
 *     '<--- others have given up what is missing --- UNRELEASED <-- new epoch
 * </pre>
 *
 * @param targetEpoch of the target
 * @param target the partitions that the member is to have
 * @param isTaken whether another member has a partition, or has not given it up yet
 * @param owned what the member says it has; null where it does not say
 */
record Reconciliation(
        int targetEpoch,
        SortedSet<PartitionId> target,
        Predicate<PartitionId> isTaken,
        @Nullable Set<PartitionId> owned) {

    Holding next(Holding now) {
        return switch (now.progress()) {
            case STABLE -> now.epoch() == targetEpoch ? now : step(now);
            case UNREVOKED -> stillHas(now.revoking().keySet()) ? now : step(now);
            case UNRELEASED -> step(now);
        };
    }

    /** What the member has given up it does not name any more; one that names nothing has given up nothing. */
    private boolean stillHas(Set<PartitionId> partitions) {
        return owned == null || partitions.stream().anyMatch(owned::contains);
    }

    private Holding step(Holding now) {
        SortedMap<PartitionId, Integer> kept = new TreeMap<>(now.assigned());
        kept.keySet().retainAll(target);
        SortedMap<PartitionId, Integer> tooMuch = new TreeMap<>(now.assigned());
        tooMuch.keySet().removeAll(kept.keySet());
        if (!tooMuch.isEmpty() && stillHas(tooMuch.keySet())) {
            return changed(now, new Holding(now.epoch(), now.epoch(), Progress.UNREVOKED, kept, tooMuch));
        }
        SortedSet<PartitionId> missing = new TreeSet<>(target);
        missing.removeAll(kept.keySet());
        boolean someAreTaken = missing.removeIf(isTaken);
        missing.forEach(partition -> kept.put(partition, targetEpoch));
        Progress progress = someAreTaken ? Progress.UNRELEASED : Progress.STABLE;
        return changed(now, new Holding(targetEpoch, now.epoch(), progress, kept, new TreeMap<>()));
    }

    /** The same where nothing has changed but the epoch before, so that waiting writes no records. */
    private static Holding changed(Holding now, Holding next) {
        boolean isSame = now.epoch() == next.epoch()
                && now.progress() == next.progress()
                && now.assigned().equals(next.assigned())
                && now.revoking().equals(next.revoking());
        return isSame ? now : next;
    }
}
