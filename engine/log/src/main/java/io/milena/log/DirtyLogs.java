package io.milena.log;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Which log of a directory is to be compacted next: the dirtiest that is due, that nobody works on, and with which nothing is wrong. One with which something is wrong is reported
 * once and left alone for a while, longer each time. Safe for use by many threads.
 */
final class DirtyLogs {
    private static final System.Logger LOG = System.getLogger(DirtyLogs.class.getName());
    private static final long RETRY_FIRST_MS = 60_000;
    private static final long RETRY_MAX_MS = 3600_000;

    private final Supplier<Collection<Log>> logs;
    private final Clock clock;
    private final Set<Log> inWork = ConcurrentHashMap.newKeySet();
    private final Map<Log, Trouble> troubles = new ConcurrentHashMap<>();

    /** Something is wrong with a log. */
    private record Trouble(String why, long delayMs, long untilMs) {}

    /**
     * A log and what of it is to be compacted.
     *
     * @param truncations by when that was so
     */
    record Dirty(Log log, Dirtiness extent, int truncations) {}

    DirtyLogs(Supplier<Collection<Log>> logs, Clock clock) {
        this.logs = logs;
        this.clock = clock;
    }

    /** The next one, which is the caller's until it is given {@link #back}. */
    Optional<Dirty> take() {
        List<Dirty> due = new ArrayList<>();
        for (Log log : logs.get()) {
            look(log).ifPresent(due::add);
        }
        due.sort(Comparator.comparingDouble((Dirty dirty) -> dirty.extent.ratio())
                .reversed());
        for (Dirty dirty : due) {
            if (inWork.add(dirty.log)) {
                Optional<Dirty> still = look(dirty.log); // another may have done it meanwhile
                if (still.isPresent()) {
                    return still;
                }
                inWork.remove(dirty.log);
            }
        }
        return Optional.empty();
    }

    private Optional<Dirty> look(Log log) {
        LogSettings.Compacting compacting = log.settings().compacting();
        Trouble trouble = troubles.get(log);
        long nowMs = clock.millis();
        if (!compacting.isOn() || log.isOffline() || (trouble != null && nowMs < trouble.untilMs)) {
            return Optional.empty();
        }
        try {
            int truncations = log.truncations();
            Dirtiness extent = log.compactable().dirtiness(log.forcedOffset(), nowMs);
            return extent.isDue(compacting) ? Optional.of(new Dirty(log, extent, truncations)) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            failed(log, e);
            return Optional.empty();
        }
    }

    void back(Log log) {
        inWork.remove(log);
    }

    /** All is well with the log. */
    void succeeded(Log log) {
        troubles.remove(log);
    }

    /** The log cannot be compacted now. */
    void failed(Log log, Exception e) {
        troubles.keySet().retainAll(logs.get()); // those that are gone have no trouble any more
        Trouble before = troubles.get(log);
        String why = String.valueOf(e.getMessage());
        long delayMs = before == null ? RETRY_FIRST_MS : Math.min(2 * before.delayMs, RETRY_MAX_MS);
        troubles.put(log, new Trouble(why, delayMs, clock.millis() + delayMs));
        if (before == null || !before.why.equals(why)) {
            LOG.log(
                    Level.ERROR,
                    "Log of " + log.identity().name() + " cannot be compacted and stays as it is; it is tried again",
                    e);
        }
    }

    /** What is wrong, by {@code topic-partition}. */
    Map<String, String> uncleanable() {
        Map<String, String> reasons = new TreeMap<>();
        troubles.forEach((log, trouble) -> reasons.put(log.identity().name(), trouble.why));
        return reasons;
    }
}
