package io.milena.log;

import java.io.IOException;
import java.nio.file.Path;

/** A segment file does not hold at a position what was written there. The disk works, and the rest of the file may be good. */
final class DamagedFileException extends IOException {
    private final transient Path file;
    private final long position;

    DamagedFileException(Path file, long position, String why) {
        super(file + " is damaged at position " + position + ": " + why);
        this.file = file;
        this.position = position;
    }

    Path file() {
        return file;
    }

    long position() {
        return position;
    }
}
