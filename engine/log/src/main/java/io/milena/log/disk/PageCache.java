package io.milena.log.disk;

import java.io.IOException;
import java.nio.file.Path;

/** The memory in which the operating system keeps what was read and written of files: what it holds, how to bring something there, and how to have it written to the disk. Safe for use by many threads. */
public interface PageCache {
    /** A look at one file; a file that cannot be opened holds everything, so that whoever reads it finds out. Safe for use by many threads. */
    View open(Path file);

    /** Whether {@link View#holds} knows; where it does not, it says that nothing is there. */
    boolean canTell();

    /** Called by the thread that will bring things, before it does. */
    default void begin() {}

    /** One file, until it is closed. */
    public interface View extends AutoCloseable {
        /** Whether all between two positions can be read without the disk. */
        boolean holds(long from, long to);

        /**
         * Reads from the disk what lies between two positions and nothing else, and returns when it is there. Errors are left to whoever reads it.
         *
         * @return whether it went well
         */
        boolean bring(long from, long to);

        /**
         * Writes to the disk what lies between two positions and is not there yet, and returns when it is on its way no more. That promises nothing: only a force does.
         *
         * @throws IOException if something was not written; a force that follows need not know
         */
        void writeOut(long from, long to) throws IOException;

        @Override
        void close();
    }
}
