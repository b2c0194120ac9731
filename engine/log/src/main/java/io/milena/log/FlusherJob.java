package io.milena.log;

import java.util.List;

/** What a thread of the {@link Flusher} does next. */
sealed interface FlusherJob {
    /** Writes what logs have won to the journal. */
    record Journaling() implements FlusherJob {}

    /** Makes one more file for the journal. */
    record Preparing() implements FlusherJob {}

    /** Writes out a piece of what the journal has. */
    record WritingOut() implements FlusherJob {}

    /** Forces the files of logs. */
    record Forcing(List<Log> logs) implements FlusherJob {}

    /** There is nothing to do. */
    record Resting() implements FlusherJob {}
}
