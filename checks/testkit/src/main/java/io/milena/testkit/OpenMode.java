package io.milena.testkit;

import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** How a file is opened: the options of {@code FileChannel.open}, checked as the JDK checks them. */
record OpenMode(Set<? extends OpenOption> options) {
    static OpenMode of(Set<? extends OpenOption> options) {
        OpenMode mode = new OpenMode(options);
        if (mode.has(StandardOpenOption.READ) && mode.isAppend()) {
            throw new IllegalArgumentException("READ + APPEND not allowed");
        }
        if (mode.isAppend() && mode.has(StandardOpenOption.TRUNCATE_EXISTING)) {
            throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
        }
        return mode;
    }

    private boolean has(StandardOpenOption option) {
        return options.contains(option);
    }

    boolean isRead() {
        return has(StandardOpenOption.READ) || !isWrite();
    }

    boolean isWrite() {
        return has(StandardOpenOption.WRITE) || isAppend();
    }

    boolean isAppend() {
        return has(StandardOpenOption.APPEND);
    }

    boolean isTruncating() {
        return isWrite() && has(StandardOpenOption.TRUNCATE_EXISTING);
    }

    boolean isCreatingNew() {
        return isWrite() && has(StandardOpenOption.CREATE_NEW);
    }

    boolean isCreating() {
        return isCreatingNew() || (isWrite() && has(StandardOpenOption.CREATE));
    }

    boolean isSynchronous() {
        return has(StandardOpenOption.SYNC) || has(StandardOpenOption.DSYNC);
    }

    boolean isDeletedOnClose() {
        return has(StandardOpenOption.DELETE_ON_CLOSE);
    }
}
