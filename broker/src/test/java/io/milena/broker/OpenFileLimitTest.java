package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segment files leave room for connections. */
class OpenFileLimitTest {
    @TempDir
    Path folder = Path.of("");

    private OpenFileLimit limit(String openFiles) throws IOException {
        Path file = folder.resolve("limits");
        Files.writeString(
                file,
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                        + "Max processes             95743                95743                processes \n"
                        + "Max open files            " + openFiles
                        + "                 1048576              files     \n");
        return new OpenFileLimit(file);
    }

    @Test
    void halfOfTheLimitIsForSegments() throws IOException {
        assertEquals(512, limit("1048576").bounded(512, 1));
        assertEquals(512, limit("1024").bounded(512, 1));
        assertEquals(64, limit("128").bounded(512, 1));
        assertEquals(20, limit("128").bounded(20, 1));
        assertEquals(16, limit("20").bounded(512, 1));
        assertEquals(128, limit("1024").bounded(512, 4));
    }

    @Test
    void noLimitThatIsKnownIsNoLimit() throws IOException {
        assertEquals(512, limit("unlimited").bounded(512, 1));
        assertEquals(512, new OpenFileLimit(folder.resolve("nowhere")).bounded(512, 1));
        OpenFileLimit.ofThisProcess().bounded(512, 1);
    }
}
