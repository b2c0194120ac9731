package io.milena.log;

import io.milena.log.disk.Shortage;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * What failures of its files mean for a log. Something short, space or open files, refuses what was asked and harms nothing; what cannot be read is refused to its readers; any other
 * failure of a write, and every failure of a force, takes the whole directory offline until the process is started anew, because nobody knows what the disk holds. Safe for use by many threads.
 */
final class LogHealth {
    private static final System.Logger LOG = System.getLogger(LogHealth.class.getName());

    private final String name;
    private final LogServices shared;
    private final Signal changed;
    private volatile boolean isEnded;
    private volatile String lastUnreadable = "";

    /** @param changed raised when the log goes offline */
    LogHealth(String name, LogServices shared, Signal changed) {
        this.name = name;
        this.shared = shared;
        this.changed = changed;
    }

    boolean isOffline() {
        return isEnded || shared.directory().isOffline();
    }

    boolean isEnded() {
        return isEnded;
    }

    /** The log is closed. */
    void end() {
        isEnded = true;
        changed.raise();
    }

    /** The directory has failed. */
    void tell() {
        changed.raise();
    }

    /** The disk of the directory has failed, with all that is on it; of a log that is closed it means nothing. */
    void fail(String doing, IOException e) {
        if (!isEnded) {
            failShared(doing, e);
        }
    }

    /** As {@link #fail}, where it means something for a log that is closed too: others share the file, or whoever forces it for the last time would not be told. */
    void failShared(String doing, IOException e) {
        shared.directory().failed(doing + " " + name, e);
        tell(); // who waits for a log that is none of the directory's any more
    }

    /** Something that writes. */
    @FunctionalInterface
    interface Work<T> {
        T result() throws IOException;
    }

    /** Where the process may open no more files, those that nobody uses are closed and it is tried once more: nothing was done before. */
    <T> T withRoom(Work<T> work) throws IOException {
        try {
            return work.result();
        } catch (IOException e) {
            if (Shortage.behind(e) != Shortage.FILES) {
                throw e;
            }
            shared.files().closeIdle();
            return work.result();
        }
    }

    /** As {@link #withRoom}, for what may be forced again as long as no file could be opened. */
    void forceWithRoom(Forcing.Forceable work) throws IOException {
        withRoom(() -> {
            work.force();
            return work;
        });
    }

    /** Of a batch that could not be written for want of something nothing is left, and it may be sent again. */
    AppendResult notWritten(IOException e) {
        Shortage shortage = Shortage.behind(e);
        if (shortage == null) {
            fail("writing", e);
        } else if (shortage == Shortage.SPACE) {
            shared.space().ranOut();
        }
        return refusal("writing failed: " + e.getMessage());
    }

    AppendResult refusal(String why) {
        return AppendResult.Refused.because(AppendResult.Reason.KAFKA_STORAGE_ERROR, name + ": " + why);
    }

    /** Answers whether the force may be tried again: only where a file could not even be opened, and so nothing was lost. */
    boolean notForced(IOException e) {
        if (Shortage.behind(e) != Shortage.FILES || shared.flusher().isStopping()) {
            fail("forcing", e);
            return false;
        }
        LOG.log(Level.WARNING, "{0} cannot be forced now: {1}", name, e.getMessage());
        return true;
    }

    /** A force whose failure is that of the log, whoever asks for it: the kernel tells only one that what was written is lost. */
    Forcing.Forceable guarded(Forcing.Forceable work) {
        return () -> {
            try {
                forceWithRoom(work);
            } catch (IOException e) {
                notForced(e);
                throw e;
            }
        };
    }

    /** The log takes records nevertheless. A reader asks again and again, so what it has met is said once. */
    ReadResult unreadable(IOException e) {
        String text = String.valueOf(e.getMessage());
        boolean isNews = !text.equals(lastUnreadable);
        lastUnreadable = text;
        LOG.log(isNews ? Level.ERROR : Level.DEBUG, "Reading " + name + " failed: " + text, e);
        return new ReadResult.Unreadable(text);
    }
}
