package io.milena.log;

import java.io.IOException;
import java.nio.file.Path;

/** Another broker, in this process or another, has the data directory. */
public final class DirectoryInUseException extends IOException {
    private static final long serialVersionUID = 1;

    DirectoryInUseException(Path directory) {
        super("the data directory " + directory + " is in use by another broker");
    }
}
