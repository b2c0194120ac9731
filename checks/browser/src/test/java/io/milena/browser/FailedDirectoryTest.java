package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A broker with two data directories, one of which cannot be used any more. */
@ExtendWith(InBrowser.class)
class FailedDirectoryTest {
    @Test
    void overviewAndTopicSayWhatIsOffline(Visit visit, @TempDir Path disks) {
        Path first = disks.resolve("first");
        Path second = disks.resolve("second");
        try (Served served = Served.start("log.dirs=" + first + "," + second)) {
            served.create("kept-on-two", 4);
            served.write("kept-on-two", "a", "b", "c", "d");
            served.restart(data -> loseIt(second));
            visit.turnTo(served.url());

            visit.open("/");
            visit.waitFor("This directory failed.");
            visit.page().locator(".figure.bad").getByText("offline").waitFor();
            visit.picture("FailedDirectoryTest.overview");

            visit.open("/topics/kept-on-two");
            visit.page().locator(".heat a.bad").first().waitFor();
            String known = visit.page().locator(".figure").nth(1).innerText().replaceAll("\\s+", " ");
            assertTrue(known.matches("\\d records?"), known);
            visit.picture("FailedDirectoryTest.topic");
            visit.turnTo(served.url()); // nobody asks a console that ends
        }
    }

    private static void loseIt(Path directory) {
        try {
            Files.move(directory, directory.resolveSibling("away"));
            Files.createFile(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
