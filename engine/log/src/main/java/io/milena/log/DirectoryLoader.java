package io.milena.log;

import io.milena.log.disk.SideBySide;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the logs of a data directory when it is opened, and those that come back from its trash. Safe for use by many threads. */
final class DirectoryLoader {
    private static final System.Logger LOG = System.getLogger(DirectoryLoader.class.getName());
    private static final String STRAY_ENDING = "-stray";

    private final LogServices shared;
    private final Consumer<Log> admission;
    private final Trash trash;
    private final TopicTrash topicTrash;
    private final Forcing forcing;
    private final Queue<Log> marked = new ConcurrentLinkedQueue<>();
    private final Queue<FutureFolder> futures = new ConcurrentLinkedQueue<>();
    /** Those that were carried out and are not concluded. */
    private final Queue<Truncation> truncations = new ConcurrentLinkedQueue<>();

    /** @param admission takes each log that is loaded, on any thread */
    DirectoryLoader(LogServices shared, Consumer<Log> admission, Housekeeping.Bins bins, Forcing forcing) {
        this.shared = shared;
        this.admission = admission;
        this.trash = bins.files();
        this.topicTrash = bins.topics();
        this.forcing = forcing;
    }

    /** Loads every log that is there. */
    void loadAll(Path path, DirectoryCheckpoints.Found found, LogDirectory.TopicSettings settingsOf, Threads threads)
            throws IOException {
        List<Path> all;
        try (Stream<Path> entries = Files.list(path)) {
            all = entries.sorted().toList();
        }
        topicTrash.load(all);
        all.stream().filter(FutureFolder::isNameOf).forEach(this::noteFuture);
        List<Path> folders = all.stream().filter(LogIdentity::isPartition).toList();
        Queue<Forcing.Forceable> unforced = new ConcurrentLinkedQueue<>();
        AtomicInteger count = new AtomicInteger();
        SideBySide.forEach(folders, threads, folder -> {
            PartitionFiles listed = list(folder);
            if (listed == null) {
                return;
            }
            PartitionFiles names = SegmentSwap.finish(listed);
            Optional<LogIdentity> identity = LogIdentity.read(folder);
            if (identity.isPresent()) {
                load(identity.get(), names, known(identity.get(), found), settingsOf, unforced);
                count.incrementAndGet();
            } else {
                setAside(names);
            }
        });
        forcing.force(List.copyOf(unforced));
        if (count.get() > 0 && !found.wasClean()) {
            LOG.log(Level.INFO, "Recovered {0} partitions in {1} after an unclean stop", count, path);
        }
    }

    /** Null where a file, or a link to nowhere, has the name of a partition. What it is is asked only where it cannot be listed: a start does it for each partition. */
    private static @Nullable PartitionFiles list(Path folder) throws IOException {
        try {
            return PartitionFiles.list(folder);
        } catch (FileSystemException e) {
            if (Files.isDirectory(folder)) {
                throw e;
            }
            return null;
        }
    }

    /** Kafka's copies have other names, and are not gone on with. */
    private void noteFuture(Path entry) {
        FutureFolder folder = FutureFolder.of(entry);
        if (folder == null) {
            trash.addDirectory(entry, 0);
        } else {
            futures.add(folder);
        }
    }

    /** Logs that were on their way here. */
    Queue<FutureFolder> futures() {
        return futures;
    }

    /** Those that bear a {@link MoveMarker}. */
    Collection<Log> marked() {
        return marked;
    }

    /** Loads a log that the trash has given back; what is to be forced of it is added to {@code unforced}. */
    void reload(LogIdentity log, LogSettings settings, Queue<Forcing.Forceable> unforced) throws IOException {
        DeletionNote.Offsets noted = topicTrash.offsets(log);
        load(
                log,
                SegmentSwap.finish(PartitionFiles.list(log.directory())),
                Known.of(noted == null ? DeletionNote.Offsets.UNKNOWN : noted),
                name -> settings,
                unforced);
    }

    /** What is known of a log besides its files. */
    private record Known(DirectoryCheckpoints.Trust trust, long startOffset, long cleanedOffset, long committedOffset) {
        /** Nothing is known of what is behind an offset. */
        Known upTo(long endOffset) {
            return new Known(
                    new DirectoryCheckpoints.Trust(false, Math.min(trust.recoveryPoint(), endOffset)),
                    Math.min(startOffset, endOffset),
                    Math.min(cleanedOffset, endOffset),
                    Math.min(committedOffset, endOffset));
        }

        static Known of(DeletionNote.Offsets noted) {
            return new Known(new DirectoryCheckpoints.Trust(false, noted.recoveryPoint()), noted.start(), 0, 0);
        }
    }

    /** Of a log that was being deleted or restored the checkpoints need not have heard; and a clean stop need not have been one of that log. */
    private Known known(LogIdentity log, DirectoryCheckpoints.Found found) {
        String key = log.key();
        DirectoryCheckpoints.Trust trust = found.trust(key);
        DeletionNote.Offsets noted = topicTrash.offsets(log);
        return noted == null
                ? new Known(trust, found.startOffset(key), found.cleanedOffset(key), found.committedOffset(key))
                : Known.of(noted.orLater(found.startOffset(key), trust.recoveryPoint()));
    }

    /** Where logs are to end whose truncation is to be concluded, by their directories. */
    Map<Path, Long> truncated() {
        return truncations.stream().collect(Collectors.toMap(Truncation::directory, Truncation::endOffset));
    }

    /** The end of {@link #loadAll}, when what only the journal has was appended: truncations are concluded, and no file stays open that nobody has asked for. */
    void finish(Forcing.Forceable checkpoints) throws IOException {
        concludeTruncations(checkpoints);
        shared.files().closeUnused();
    }

    /** Concludes the truncations that an earlier process has begun, when it is written down what is left. */
    void concludeTruncations(Forcing.Forceable checkpoints) throws IOException {
        if (!truncations.isEmpty()) {
            checkpoints.force();
        }
        for (Truncation each = truncations.poll(); each != null; each = truncations.poll()) {
            each.conclude();
        }
    }

    private void load(
            LogIdentity identity,
            PartitionFiles found,
            Known knownBefore,
            LogDirectory.TopicSettings settingsOf,
            Queue<Forcing.Forceable> unforced)
            throws IOException {
        Optional<Truncation> truncation = Truncation.finish(found);
        truncation.ifPresent(truncations::add);
        PartitionFiles names = truncation.isPresent() ? PartitionFiles.list(identity.directory()) : found;
        Known known = truncation.map(each -> knownBefore.upTo(each.endOffset())).orElse(knownBefore);
        LogSettings logSettings = settingsOf.of(identity.topic());
        LogLoader loader = new LogLoader(
                names,
                shared.files(),
                known.trust,
                known.startOffset,
                logSettings.segments().indexIntervalBytes());
        Log log = new Log(identity, logSettings, shared);
        LogLoader.Loaded loaded = loader.load();
        log.load(loaded, known.startOffset);
        log.compactable().cleanedOffset(known.cleanedOffset);
        log.committed().set(known.committedOffset);
        if (!loaded.unforced().isEmpty()) {
            loaded.unforced().forEach(segment -> unforced.add(segment::force));
            unforced.add(log.expirable()::forceSnapshot);
            if (known.trust.recoveryPoint() == 0) {
                identity.rewrite();
            }
            unforced.add(identity::force);
        } else {
            loaded.segments()
                    .forEach(segment -> shared.files().forget(segment.batches().path()));
        }
        if (names.has(MoveMarker.FILE)) {
            marked.add(log);
        }
        admission.accept(log);
        trash.addLeftovers(names);
    }

    /** Segments without a topic id: nothing in the directory was ever forced. It must not be taken for the start of a new log. */
    private static void setAside(PartitionFiles names) throws IOException {
        if (names.offsets(".log").isEmpty()) {
            return; // not ours
        }
        Path folder = names.directory();
        Path aside = folder;
        for (int i = 1; Files.exists(aside); i++) {
            aside = folder.resolveSibling(folder.getFileName() + "." + i + STRAY_ENDING);
        }
        Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
        LOG.log(Level.WARNING, "{0} does not say which topic it belongs to and is set aside as {1}", folder, aside);
    }
}
