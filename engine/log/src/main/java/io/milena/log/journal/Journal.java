package io.milena.log.journal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * The files that rounds are written to, each in turn; see the package. One thread at a time writes rounds; others may prepare files meanwhile. A failed write says nothing about what is on
 * disk, so the caller must write no more.
 */
public final class Journal {
    private static final System.Logger LOG = System.getLogger(Journal.class.getName());
    static final String FILE = ".milena-journal-";
    /** To bytes that are large belong no more logs than that: each file costs about as much as writing 24 KiB a second time. */
    private static final int LOGS_OF_LARGE_MAX = 16;
    /** One log alone is large from so small a part on: its file is forced by itself, not with all that others have written. */
    private static final int PART_OF_ONE = 4;

    /** So often it goes without the file that it wishes for before it asks for space again. */
    private static final int WISHES_PER_QUESTION = 1000;

    private final Path directory;
    private final JournalSettings settings;
    private final LongPredicate hasSpace;
    /** Those that are made and not in use yet. */
    private final ConcurrentLinkedQueue<JournalFile> prepared = new ConcurrentLinkedQueue<>();

    /**
     * Those in use, in the order in which they were begun; the last is the one that is written. They are begun anew in this order only, so that what voids an entry never goes before it.
     */
    private final Deque<JournalFile> files = new ArrayDeque<>();

    private long generation;
    private final AtomicInteger made = new AtomicInteger();
    private volatile boolean isOpen;
    private final AtomicInteger wishes = new AtomicInteger();
    private volatile boolean wantsFile;
    private final AtomicBoolean isPreparing = new AtomicBoolean();
    private volatile boolean isFilling;
    private volatile boolean isClosed;

    /** @param hasSpace whether a file of so many bytes may be made: what is there for speed leaves the disk to the records */
    public Journal(Path directory, JournalSettings settings, LongPredicate hasSpace) {
        this.directory = directory;
        this.settings = settings;
        this.hasSpace = hasSpace;
    }

    /** A log of which the journal holds something. */
    public interface Source {
        /** Whether all below an offset is on disk in the log's own files, or nobody needs it any more. */
        boolean isForced(long endOffset);
    }

    /** Whether so much, of so many logs, is better forced in their own files than written twice. */
    public boolean isLarge(long bytes, int logs) {
        return logs == 1
                ? bytes >= settings.largeBytes() / PART_OF_ONE
                : bytes >= settings.largeBytes() && bytes * LOGS_OF_LARGE_MAX >= (long) settings.largeBytes() * logs;
    }

    /** Whether rounds can be written. */
    public boolean isOpen() {
        return isOpen;
    }

    /** Makes all files, if they are wanted from the start. */
    public void begin() {
        for (int i = 0; i < settings.filesMax() && settings.afterForces() == 0; i++) {
            prepare();
        }
    }

    /** Logs were forced so often until now; a busy directory gets a journal. */
    public void noteForces(long forces) {
        if (!isOpen && !isClosed && forces >= settings.afterForces() && settings.filesMax() > 0) {
            wish();
        }
    }

    /** Whether so much of it is in use that the logs that it has something of should be forced, before there is no room left. */
    public boolean isFilling() {
        return isFilling;
    }

    /** The logs' own files have more than before. Called by the thread that writes rounds. */
    public void noteForced() {
        isFilling = isFilling && isHalfInUse();
    }

    private boolean isHalfInUse() {
        return 2 * files.stream().filter(file -> !file.isFree()).count() >= settings.filesMax();
    }

    private void wish() {
        if (wishes.getAndIncrement() % WISHES_PER_QUESTION == 0) {
            wantsFile = true;
        }
    }

    /** Whether {@link #prepare} is to be called. */
    public boolean wantsFile() {
        return wantsFile && !isPreparing.get();
    }

    /** Makes one more file, which takes a while; nothing where another thread is at it. */
    public void prepare() {
        if (isPreparing.compareAndSet(false, true)) {
            try {
                wantsFile = false;
                makeFile();
            } finally {
                isPreparing.set(false);
            }
        }
    }

    private void makeFile() {
        if (isClosed || made.get() >= settings.filesMax() || !hasSpace.test(settings.fileBytes())) {
            return;
        }
        wishes.set(0);
        try {
            prepared.add(JournalFile.create(directory.resolve(FILE + made.get()), settings.fileBytes()));
            made.incrementAndGet();
            isOpen = !isClosed;
        } catch (IOException e) {
            made.set(settings.filesMax());
            LOG.log(
                    Level.WARNING,
                    "{0}: no file for the journal, which stays as it is: {1}",
                    directory,
                    e.getMessage());
        }
    }

    /**
     * Writes a round and forces it.
     *
     * @param ends the logs that it has entries of, and where they end
     * @return false where there is no room now, and when the journal is closed
     */
    public boolean write(Round round, Collection<End> ends) throws IOException {
        Optional<JournalFile> found = isClosed ? Optional.empty() : fileFor(round);
        if (found.isEmpty()) {
            return false;
        }
        JournalFile file = found.get();
        ends.forEach(end -> file.hold(end.log, end.offset)); // first: after a failure nobody knows what it has
        file.write(round);
        if (file.isHalfFull() && made.get() < settings.filesMax() && prepared.isEmpty() && !isOldestFree()) {
            wish();
        }
        return true;
    }

    /** Where a log ends with a round. */
    public record End(Source log, long offset) {}

    private boolean isOldestFree() {
        return !files.isEmpty() && files.getFirst().isFree();
    }

    private Optional<JournalFile> fileFor(Round round) {
        if (round.sizeInBytes() > settings.fileBytes()) {
            return Optional.empty();
        }
        JournalFile current = files.peekLast();
        if (current != null && current.hasRoomFor(round)) {
            return Optional.of(current);
        }
        JournalFile next = prepared.poll();
        if (next == null && isOldestFree()) {
            next = files.pollFirst();
        }
        if (next == null) {
            return Optional.empty();
        }
        next.begin(++generation, current == null ? 0 : current.rounds());
        isFilling = isHalfInUse();
        files.addLast(next);
        return Optional.of(next);
    }

    /** The files stay for a start after a crash. */
    public void close() {
        isClosed = true;
        isOpen = false;
        all().forEach(file -> {
            try {
                file.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "closing a file of the journal", e);
            }
        });
    }

    /** All logs are on disk in their own files. Nobody writes any more. */
    public void delete() throws IOException {
        isClosed = true;
        isOpen = false;
        List<JournalFile> doomed = all();
        for (JournalFile file : doomed) {
            file.delete();
        }
        if (!doomed.isEmpty()) {
            forceNames(directory);
        }
    }

    private List<JournalFile> all() {
        List<JournalFile> all = new ArrayList<>(files);
        all.addAll(prepared);
        return all;
    }

    static void forceNames(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
