package io.milena.log;

import io.milena.log.disk.Checkpoint;
import io.milena.log.disk.ColdReads;
import io.milena.log.disk.DiskSpace;
import io.milena.log.disk.ForceStatistics;
import io.milena.log.disk.LinuxPageCache;
import io.milena.log.disk.OpenFiles;
import io.milena.log.disk.PageCache;
import io.milena.log.journal.Journal;
import io.milena.log.journal.JournalSettings;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A data directory: its lock, its logs, and the threads that serve them all: flusher, housekeeping and cleaner. Safe for use by many threads.
 */
public final class LogDirectory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogDirectory.class.getName());

    private final Place place;
    private final DirectoryLock directoryLock;
    private final Threads threads;
    private final Flusher flusher;
    private final DirectoryCheckpoints checkpoints;
    private final Forcing forcing;
    private final Journal journal;
    private final Map<String, Log> logs = new ConcurrentSkipListMap<>();
    private final DirectoryHealth health;
    private final DirectoryLoader loader;
    private final Trash trash;
    private final TopicTrash topicTrash;
    private final LogServices shared;
    private final MoveTraces traces;
    private final DiskSpace space;
    private final Housekeeping housekeeping;
    private final Cleaner cleaner;

    /**
     * How the directory is kept.
     *
     * @param flushIntervalMs how long appended data that nobody waits for may stay unforced
     * @param checkpointIntervalMs {@code log.flush.offset.checkpoint.interval.ms}
     * @param checkIntervalMs {@code log.retention.check.interval.ms}
     * @param openFilesMax how many segment files stay open without being in use
     * @param cleaner how logs are compacted
     */
    public record Settings(
            long flushIntervalMs,
            long checkpointIntervalMs,
            long checkIntervalMs,
            int openFilesMax,
            DirectoryLimits limits,
            CleanerSettings cleaner) {
        public static final Settings DEFAULTS = new Settings(1_000, 300_000, 512);

        /** Without a trash and a reserve, with checkpoints as often as checks, and else with Kafka's defaults. */
        public Settings(long flushIntervalMs, long checkIntervalMs, int openFilesMax) {
            this(
                    flushIntervalMs,
                    checkIntervalMs,
                    checkIntervalMs,
                    openFilesMax,
                    DirectoryLimits.DEFAULTS,
                    CleanerSettings.DEFAULTS);
        }

        public Settings withTrash(long retentionMs) {
            return with(limits.withTrash(retentionMs), cleaner);
        }

        public Settings withReserve(long bytes) {
            return with(limits.withReserve(bytes), cleaner);
        }

        public Settings withProducerExpiration(long ms) {
            return with(limits.withProducerExpiration(ms), cleaner);
        }

        Settings withIndexCache(long bytes) {
            return with(limits.withIndexCache(bytes), cleaner);
        }

        public Settings withJournal(JournalSettings journal) {
            return with(limits.withJournal(journal), cleaner);
        }

        public Settings with(CleanerSettings other) {
            return with(limits, other);
        }

        private Settings with(DirectoryLimits l, CleanerSettings c) {
            return new Settings(flushIntervalMs, checkpointIntervalMs, checkIntervalMs, openFilesMax, l, c);
        }
    }

    /** Where a data directory is, and the id by which the metadata know it wherever it is mounted. */
    public record Place(Path path, UUID id) {}

    private LogDirectory(
            Place place, DirectoryLock directoryLock, DiskSpace space, Settings settings, Environment environment) {
        Path path = place.path();
        this.place = place;
        this.directoryLock = directoryLock;
        Clock clock = environment.clock();
        this.threads = environment.threads();
        this.checkpoints = new DirectoryCheckpoints(path);
        this.forcing = new Forcing(path, clock, threads);
        this.space = space;
        OpenFiles files =
                new OpenFiles(settings.openFilesMax(), settings.limits().indexCacheBytes());
        this.journal = new Journal(path, settings.limits().journal(), space::isPlentyBeside);
        Optional<PageCache> pages = LinuxPageCache.of(path);
        this.flusher = new Flusher(environment, forcing, journal, new WriteBehind(pages), settings.flushIntervalMs());
        this.health = new DirectoryHealth(path, logs.values());
        this.trash = new Trash(clock, files);
        ColdReads cold = new ColdReads(clock, threads, forcing.forces(), pages);
        this.shared = new LogServices(
                clock, files, flusher, cold, space, health, trash, () -> space.withSpare(this::writeCheckpoints));
        this.topicTrash = new TopicTrash(path, clock, trash, settings.limits().trashRetentionMs());
        this.loader = new DirectoryLoader(shared, this::admit, new Housekeeping.Bins(trash, topicTrash), forcing);
        this.traces = new MoveTraces(path, loader, logs.values(), shared);
        this.housekeeping = new Housekeeping(
                settings, shared, logs.values(), checkpoints, forcing, new Housekeeping.Bins(trash, topicTrash));
        this.cleaner = new Cleaner(
                settings.cleaner(), logs::values, checkpoints, new Compaction.Disk(files, trash, space), environment);
    }

    /**
     * Opens a directory, creating it if needed, and loads every log in it.
     *
     * @param settingsOf the settings of a topic, by its name
     * @throws IOException if it cannot be used, and if another process uses it; the message says which
     */
    public static LogDirectory open(Path path, Settings settings, TopicSettings settingsOf, Environment environment)
            throws IOException {
        return open(new Place(path, new UUID(0, 0)), settings, settingsOf, environment);
    }

    static LogDirectory open(Place place, Settings settings, TopicSettings settingsOf, Environment environment)
            throws IOException {
        Path path = place.path();
        Checkpoint.createDirectories(path.toAbsolutePath());
        DirectoryLock lock = DirectoryLock.take(path);
        LogDirectory directory =
                new LogDirectory(place, lock, space(path, lock, settings, environment), settings, environment);
        try {
            directory.load(directory.checkpoints.take(), settingsOf);
            directory.housekeeping.start(directory.threads);
            directory.cleaner.start();
        } catch (IOException | RuntimeException e) {
            directory.abandon();
            throw e;
        }
        return directory;
    }

    private void load(DirectoryCheckpoints.Found found, TopicSettings settingsOf) throws IOException {
        loader.loadAll(path(), found, settingsOf, threads);
        space.withSpare(
                () -> new JournalReplay(path(), logs.values(), loader.truncated()).run(found.wasClean(), forcing));
        loader.finish(this::checkpointStartOffsets);
        journal.begin();
    }

    private static DiskSpace space(Path path, DirectoryLock lock, Settings settings, Environment environment)
            throws IOException {
        try {
            return new DiskSpace(path, settings.limits().diskReserveBytes(), environment.clock());
        } catch (IOException e) {
            lock.release();
            throw e;
        }
    }

    /** Ends the threads and gives the directory back, writing nothing down: the next start recovers, as after the end of a process that was killed. */
    void abandon() {
        try {
            cleaner.stop();
            housekeeping.stop();
            flusher.stop();
            shared.coldReads().stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            logs.values().forEach(Log::close);
            journal.close();
            forcing.close();
            directoryLock.release();
        }
    }

    /** Where a log's settings come from while logs are loaded. */
    @FunctionalInterface
    public interface TopicSettings {
        LogSettings of(String topic);
    }

    public ForceStatistics forceStatistics() {
        return flusher.statistics();
    }

    public Path path() {
        return place.path();
    }

    /** By which the metadata know it. */
    public UUID id() {
        return place.id();
    }

    /** Whether its disk has failed: all its logs are offline. */
    public boolean isOffline() {
        return health.isOffline();
    }

    /** Whether the process before has stopped cleanly here: then all that it wrote is on the disk, forced or not. */
    public boolean wasClean() {
        return checkpoints.wereClean();
    }

    /** Takes the directory and its logs offline. */
    public void failed(String doing, IOException e) {
        health.failed(doing, e);
    }

    int logCount() {
        return logs.size();
    }

    public Cleaner cleaner() {
        return cleaner;
    }

    public List<Log> logs() {
        return List.copyOf(logs.values());
    }

    public @Nullable Log log(String topic, int partition) {
        return logs.get(LogIdentity.key(topic, partition));
    }

    /** Creates logs, of which nothing is on disk before their first records: a topic's existence is the metadata's affair. */
    public List<Log> create(String topic, List<Integer> partitions, UUID topicId, LogSettings logSettings)
            throws IOException {
        List<LogIdentity> identities = partitions.stream()
                .map(partition -> LogIdentity.of(path(), topic, partition, topicId))
                .toList();
        if (identities.stream().anyMatch(checkpoints::know)) {
            checkpoints.write(logs.values()); // or what was said of a deleted topic of that name is taken for these
        }
        return identities.stream()
                .map(identity -> create(identity, logSettings))
                .toList();
    }

    private Log create(LogIdentity identity, LogSettings logSettings) {
        Log log = new Log(identity, logSettings, shared);
        admit(log);
        return log;
    }

    /** From now on the log is one of this directory's. */
    void admit(Log log) {
        logs.put(log.identity().key(), log);
    }

    /** The log is none of this directory's any more. */
    void release(Log log) {
        logs.remove(log.identity().key(), log);
    }

    /** What moves have left here. */
    MoveTraces traces() {
        return traces;
    }

    void writeCheckpoints() throws IOException {
        checkpoints.write(logs.values());
    }

    LogServices services() {
        return shared;
    }

    /** Has the disk prove that it works. */
    void probe() {
        health.probe();
    }

    /** The deleted topics. */
    public TopicTrash topicTrash() {
        return topicTrash;
    }

    /**
     * Takes all logs of a topic out of service and renames their directories. They are deleted when the topic can no longer be restored or, if its deletion was not announced to the
     * {@link #topicTrash}, after {@code file.delete.delay.ms}.
     * Where the directory is offline, the next start that has it finds them.
     */
    public void delete(UUID topicId, List<Log> ofTopic) throws IOException {
        for (Log log : ofTopic) {
            logs.remove(log.identity().key());
            log.close();
            trash.forgetSegmentsIn(log.identity().directory());
        }
        if (!health.isOffline()) {
            health.whileOnline("forcing what is deleted", () -> forcing.forceClosed(ofTopic, flusher));
            Durability.makeVoid(ofTopic.stream().map(Log::identity).toList(), shared);
            topicTrash.take(topicId, ofTopic);
        }
    }

    /** Takes a log out of service, whose files are about to go. */
    void retire(Log log) throws IOException {
        release(log);
        log.close();
        health.whileOnline("forcing what goes", () -> forcing.forceClosed(List.of(log), flusher));
    }

    /** Brings the logs of a topic back from the {@link #topicTrash}, under the name that the metadata have for it by now. */
    public void restore(UUID topicId, String topic, LogSettings logSettings) throws IOException {
        try {
            checkpoints.write(logs.values()); // or what was said of another topic of that name is taken for this one
            Queue<Forcing.Forceable> unforced = new ConcurrentLinkedQueue<>();
            for (LogIdentity log : topicTrash.giveBack(topicId, topic)) {
                loader.reload(log, logSettings, unforced);
            }
            forcing.force(List.copyOf(unforced));
            checkpoints.write(logs.values());
            loader.concludeTruncations(() -> {});
            topicTrash.forget(topicId);
        } catch (IOException | RuntimeException e) {
            topicTrash.stick(topicId);
            throw e;
        }
    }

    /** One round of housekeeping: what retention no longer keeps goes, checkpoints are written, old trash is emptied. */
    public void applyRetention() {
        housekeeping.applyRetention();
    }

    /** Writes down what spares a start after a crash from reading more than the tails of the logs. */
    public void checkpoint() {
        housekeeping.checkpoint();
    }

    /** Makes the log start offsets durable now, as DeleteRecords promises. */
    public void checkpointStartOffsets() throws IOException {
        Durability.awaitDeleted(logs.values());
        space.withSpare(this::writeCheckpoints);
        space.hope();
    }

    /** Writes a small file beside the logs; after a crash it is there as a whole, or as it was before. */
    public void replaceFile(String name, String text) throws IOException {
        Checkpoint.replaceDurably(path().resolve(name), text);
    }

    /** A clean stop: everything is forced, and the next start scans nothing. */
    @Override
    public void close() {
        try {
            cleaner.stop();
            housekeeping.stop();
            flusher.stop();
            shared.coldReads().stop();
            if (health.isOffline()) {
                return;
            }
            housekeeping.writeRecoveryState();
            journal.delete();
            if (logs.values().stream().noneMatch(Log::isOffline)) {
                checkpoints.markClean();
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "The clean stop of " + path() + " failed; the next start recovers", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            logs.values().forEach(Log::close);
            journal.close();
            forcing.close();
            directoryLock.release();
        }
    }
}
