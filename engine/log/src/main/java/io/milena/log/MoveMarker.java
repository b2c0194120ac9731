package io.milena.log;

import io.milena.log.disk.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The file {@code milena-move} in the directory of a partition that is on its way from one data directory to another, in both. It says: this copy counts only if the metadata say that the
 * partition is here. So the record in the metadata is the one moment at which the move happens, whatever else a crash has left undone.
 */
record MoveMarker(UUID from, UUID to) {
    static final String FILE = "milena-move";

    /** Writes it durably, but for the name of the partition's directory. */
    void write(Path folder) throws IOException {
        Checkpoint.replaceDurably(folder.resolve(FILE), "version=1\nfrom=" + from + "\nto=" + to + "\n");
    }

    /** Whether a copy is one that came to this data directory; one whose marker cannot be read may be either. */
    static boolean isOfArrival(Path folder, UUID here) throws IOException {
        return Files.readAllLines(folder.resolve(FILE)).contains("to=" + here);
    }

    static void delete(Path folder) throws IOException {
        if (Files.deleteIfExists(folder.resolve(FILE))) {
            Checkpoint.forceDirectory(folder);
        }
    }
}
