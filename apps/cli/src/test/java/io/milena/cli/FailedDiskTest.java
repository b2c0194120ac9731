package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with two data directories, of which one is gone: what people ask then. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailedDiskTest {
    @Test
    void whatIsOfflineIsNamedAndItsReasonIsTold(@TempDir Path data) throws IOException {
        Path lost = data.resolve("two");
        String directories = data.resolve("one") + "," + lost;
        try (CommandRunner milena = CommandRunner.withBroker(directories)) {
            milena.output("topics create orders --partitions 2");
        }
        boolean isFirstLost = Files.exists(lost.resolve("orders-0"));
        Files.move(lost, data.resolve("away"));
        int gone = isFirstLost ? 0 : 1;

        try (CommandRunner milena = CommandRunner.withBroker(directories)) {
            String status = milena.output("cluster status");
            assertTrue(status.contains("0 under-replicated, 1 offline"), status);
            assertTrue(status.contains("orders-" + gone + "  offline"), status);
            String why = milena.output("why partition orders " + gone);
            assertTrue(why.contains("So: the disk of its leader has failed"), why);
            assertEquals(
                    1,
                    milena.run("value\n", "produce orders --partition " + gone).exit());
            String fine = milena.output("why partition orders " + (1 - gone));
            assertTrue(fine.contains("So: it is not under-replicated"), fine);
        }
    }
}
