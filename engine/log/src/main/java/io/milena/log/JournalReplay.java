package io.milena.log;

import io.milena.log.journal.JournalEntry;
import io.milena.log.journal.JournalReader;
import io.milena.records.InvalidRecordsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Brings back what logs had on disk in the journal only, after they were recovered from their own files. At the start, before anybody knows the logs. */
final class JournalReplay {
    private static final System.Logger LOG = System.getLogger(JournalReplay.class.getName());

    private final JournalReader reader;
    private final Path directory;
    private final Map<Path, Long> truncated;
    private final Map<Key, Log> logs = new HashMap<>();

    private record Key(UUID topicId, int partition) {
        static Key of(JournalEntry entry) {
            return new Key(entry.topicId(), entry.partition());
        }
    }

    /** @param truncated where logs are to end that an earlier process was truncating, by their directories */
    JournalReplay(Path directory, Collection<Log> logs, Map<Path, Long> truncated) {
        this.truncated = truncated;
        this.reader = new JournalReader(directory);
        this.directory = directory;
        logs.forEach(log -> this.logs.put(new Key(log.topicId(), log.partition()), log));
    }

    /**
     * Appends what is missing, forces it, and does away with the journal.
     *
     * @param wasClean after a clean stop the files have everything
     */
    void run(boolean wasClean, Forcing forcing) throws IOException {
        if (!reader.isThere()) {
            return;
        }
        if (!wasClean) {
            Set<Log> changed = replay();
            List<Forcing.Forceable> unforced = changed.stream()
                    .<Forcing.Forceable>map(log -> log::forceReplayed)
                    .toList();
            forcing.force(unforced);
            if (!changed.isEmpty()) {
                LOG.log(Level.INFO, "The journal of {0} had the ends of {1} logs", directory, changed.size());
            }
        }
        reader.delete();
    }

    private Set<Log> replay() throws IOException {
        Map<Key, Integer> voids = new HashMap<>();
        reader.forEach(entry -> {
            if (entry.kind() == JournalEntry.Kind.VOID) {
                voids.merge(Key.of(entry), 1, Integer::sum);
            }
        });
        Set<Log> changed = new LinkedHashSet<>();
        reader.forEach(entry -> {
            switch (entry.kind()) {
                case VOID -> voids.merge(Key.of(entry), -1, Integer::sum);
                case BATCHES -> {
                    Log log = logs.get(Key.of(entry));
                    if (log != null && voids.getOrDefault(Key.of(entry), 0) == 0 && replay(log, entry)) {
                        changed.add(log);
                    }
                }
            }
        });
        return changed;
    }

    private boolean replay(Log log, JournalEntry entry) throws IOException {
        try {
            return log.durability()
                    .replay(entry.bytes(), truncated.getOrDefault(log.identity().directory(), Long.MAX_VALUE));
        } catch (InvalidRecordsException e) {
            throw new IOException(
                    "the journal of " + directory + " has something else than batches for "
                            + log.identity().name(),
                    e);
        }
    }
}
