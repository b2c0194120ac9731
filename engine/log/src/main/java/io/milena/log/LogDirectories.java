package io.milena.log;

import io.milena.log.disk.SideBySide;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data directories of a broker, each with its own lock, checkpoints, threads and health; a log is in one of them. What fails in one leaves the others as they are. Safe for use by many
 * threads, but logs are created and deleted by one at a time.
 */
public final class LogDirectories implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogDirectories.class.getName());

    private final DirectoryLayout layout;
    /** Those that could be opened, that of the metadata first. */
    private final List<LogDirectory> opened;

    private final DeletedTopics deletedTopics;
    private final LogMoves moves;

    private LogDirectories(DirectoryLayout layout, List<LogDirectory> opened, Environment environment) {
        this.layout = layout;
        this.opened = List.copyOf(opened);
        this.deletedTopics = new DeletedTopics(this.opened);
        this.moves = new LogMoves(this.opened, environment);
    }

    /**
     * Opens all directories side by side, creating them if needed, and loads every log in them. One that cannot be used is left out.
     *
     * @throws IOException if that is the metadata's or the last one, and if another process uses one
     */
    public static LogDirectories open(
            DirectoryLayout layout,
            LogDirectory.Settings settings,
            LogDirectory.TopicSettings settingsOf,
            Environment environment)
            throws IOException {
        List<Opening> openings = layout.all().stream()
                .map(place -> new Opening(place, layout.broken().get(place.path())))
                .toList();
        try {
            SideBySide.each(
                    openings, environment.threads(), opening -> opening.open(settings, settingsOf, environment));
            for (Opening opening : openings) {
                opening.judge(opening.place.equals(layout.metadata()));
            }
            List<LogDirectory> opened = openings.stream()
                    .flatMap(opening -> Stream.ofNullable(opening.opened))
                    .toList();
            if (opened.stream().noneMatch(layout::isForLogs)) {
                throw new IOException("none of the data directories can be used");
            }
            return new LogDirectories(layout, opened, environment);
        } catch (IOException | RuntimeException e) {
            openings.forEach(Opening::close);
            throw e;
        }
    }

    /** One directory that is opened beside the others, on a thread of its own. */
    private static final class Opening {
        private final LogDirectory.Place place;
        private @Nullable LogDirectory opened;
        private @Nullable Exception failure;

        Opening(LogDirectory.Place place, @Nullable IOException broken) {
            this.place = place;
            this.failure = broken;
        }

        void open(LogDirectory.Settings settings, LogDirectory.TopicSettings settingsOf, Environment environment) {
            try {
                opened = failure == null ? LogDirectory.open(place, settings, settingsOf, environment) : null;
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
        }

        /** Raises a failure with which no broker can start; any other takes the directory offline. */
        void judge(boolean isMetadata) throws IOException {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case IOException e when isMetadata || e instanceof DirectoryInUseException -> throw e;
                case Exception e ->
                    LOG.log(Level.ERROR, "The data directory " + place.path() + " cannot be used: it is offline", e);
            }
        }

        void close() {
            if (opened != null) {
                opened.close();
            }
        }
    }

    /** Whether a data directory that nobody has opened holds partitions. */
    public static boolean holdsPartitions(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.anyMatch(LogIdentity::isPartition);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Ends the moves that an earlier process has begun. To be called before logs are served.
     *
     * @param homes what the metadata say
     * @throws IOException if a partition is in two directories for any other reason
     */
    public void settleMoves(LogMoves.Homes homes) throws IOException {
        moves.settle(homes);
        if (opened.size() > 1) {
            checkDuplicates();
        }
    }

    private void checkDuplicates() throws IOException {
        Map<String, Log> seen = new HashMap<>();
        for (LogDirectory directory : opened) {
            for (Log log : directory.logs()) {
                Log other = seen.put(log.topicId() + " " + log.partition(), log);
                if (other != null) {
                    throw new IOException(
                            "a partition is in two data directories, and it must be decided which one goes: "
                                    + other.identity().directory() + " and "
                                    + log.identity().directory());
                }
            }
        }
    }

    /** The moves between them, which go on where an earlier process has ended when they are started. */
    public LogMoves moves() {
        return moves;
    }

    /** Where the metadata are. */
    public LogDirectory metadataDirectory() {
        return opened.getFirst();
    }

    /** Where logs are meant to be, in the order in which they are configured, whether they can be used or not. */
    public List<Path> paths() {
        return layout.logs().stream().map(LogDirectory.Place::path).toList();
    }

    /** Those that work or did work, that of the metadata first, be it for logs or not. */
    public List<LogDirectory> opened() {
        return opened;
    }

    /** Those of them that are for logs. */
    public List<LogDirectory> forLogs() {
        return opened.stream().filter(layout::isForLogs).toList();
    }

    /**
     * What is done when a directory goes offline.
     *
     * @param action returns at once; may be called from any thread, and more than once
     */
    public void whenFailed(Runnable action) {
        opened.forEach(directory -> directory.services().directory().whenFailed(action));
    }

    private Stream<LogDirectory> online() {
        return opened.stream().filter(directory -> !directory.isOffline());
    }

    /** Whether all that are configured work. */
    public boolean areAllOnline() {
        return online().filter(layout::isForLogs).count() == layout.logs().size();
    }

    /** The directory for logs that works and has this path; null if there is none. */
    public @Nullable LogDirectory online(Path path) {
        return online().filter(directory ->
                        layout.isForLogs(directory) && directory.path().equals(path))
                .findFirst()
                .orElse(null);
    }

    /** The directory that works and has this id; null if there is none. */
    public @Nullable LogDirectory online(UUID id) {
        return online().filter(directory -> directory.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** For new partitions, by what there is now. */
    public Placement placement() {
        return new Placement(
                online().filter(layout::isForLogs).map(Placement.Candidate::of).toList());
    }

    /** The topics that can be restored. */
    public DeletedTopics deletedTopics() {
        return deletedTopics;
    }

    public List<Log> logs() {
        return opened.stream().flatMap(directory -> directory.logs().stream()).toList();
    }

    public @Nullable Log log(String topic, int partition) {
        for (LogDirectory directory : opened) {
            Log log = directory.log(topic, partition);
            if (log != null) {
                return log;
            }
        }
        return null;
    }

    /** Where the log is. */
    public @Nullable LogDirectory directoryOf(Log log) {
        return opened.stream()
                .filter(directory -> log.equals(directory.log(log.topic(), log.partition())))
                .findFirst()
                .orElse(null);
    }

    /**
     * As {@link LogDirectory#delete(UUID, List)}, wherever they are. Those whose directory does not work are found by the next start that has it.
     *
     * @throws IOException the first failure, after all have been tried
     */
    public void delete(UUID topicId, Collection<Log> logs) throws IOException {
        Map<LogDirectory, List<Log>> homes = new LinkedHashMap<>();
        for (Log log : logs) {
            moves.cancel(log);
            LogDirectory home = directoryOf(log);
            if (home != null) {
                homes.computeIfAbsent(home, any -> new ArrayList<>()).add(log);
            }
        }
        IOException failure = null;
        for (LogDirectory directory : opened) {
            if (homes.containsKey(directory) || directory.topicTrash().holds(topicId)) {
                try {
                    directory.delete(topicId, homes.getOrDefault(directory, List.of()));
                } catch (IOException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * The partition is on other brokers from now on: its files are deleted after {@code file.delete.delay.ms}, and cannot be restored. A new log of it may be created meanwhile.
     */
    public void discard(Log log) throws IOException {
        moves.cancel(log);
        LogDirectory home = directoryOf(log);
        if (home != null) {
            home.retire(log);
            if (!home.isOffline()) {
                home.traces().discard(log.identity(), log.settings().fileDeleteDelayMs());
            }
        }
    }

    /** Brings back what the trash of any directory has of a topic. */
    public void restore(UUID topicId, String topic, LogSettings settings) throws IOException {
        for (LogDirectory directory : online().toList()) {
            if (directory.topicTrash().holds(topicId)) {
                directory.restore(topicId, topic, settings);
            }
        }
        deletedTopics.restored(topicId);
    }

    /** Makes the log start offsets durable now, as DeleteRecords promises. */
    public void checkpointStartOffsets() throws IOException {
        for (LogDirectory directory : online().toList()) {
            directory.checkpointStartOffsets();
        }
    }

    /** The end of a process that is killed, for who stays in it: all is given back, and nothing of a stop is written down. */
    public void abandon() {
        moves.stop();
        opened.forEach(LogDirectory::abandon);
    }

    /** A clean stop of all. */
    @Override
    public void close() {
        moves.stop();
        opened.forEach(LogDirectory::close);
    }
}
