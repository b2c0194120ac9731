package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.options.AriaRole;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A transaction that nobody will end. Our own broker lets none come into being, so the test writes to its files what older ones could leave there: a batch behind the end of its transaction. */
@ExtendWith(InBrowser.class)
@OwnBroker
class HangingTransactionTest {
    private static final long PRODUCER = 4711;

    @Test
    void isShownAndAbortedAndReadersGoOn(Visit visit, Served served) {
        served.create("stuck", 1);
        served.write("stuck", "before");
        served.restart(HangingTransactionTest::writeLateBatch);
        served.write("stuck", "behind");
        assertEquals(1, served.committedEnd("stuck"), "readers of what is committed wait");
        visit.turnTo(served.url());

        visit.open("/transactions");
        visit.named(AriaRole.HEADING, "A transaction hangs").waitFor();
        visit.waitFor("stuck, partition 0");
        visit.waitFor(PRODUCER + ", epoch 3");
        visit.picture("HangingTransactionTest.hangs");
        visit.press("Abort");
        visit.pressInDialog("Abort");

        visit.waitFor("Aborted.");
        visit.waitFor("No transactions yet");
        assertEquals(4, served.committedEnd("stuck"), "behind the marker");
    }

    private static void writeLateBatch(Path data) {
        try (LogDirectory directory = LogDirectory.open(
                data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, Environment.system())) {
            Objects.requireNonNull(directory.log("stuck", 0))
                    .append(
                            new RecordBatchBuilder()
                                    .producer(PRODUCER, (short) 3, 0)
                                    .transactional()
                                    .append(1, null, ByteBuffer.wrap(Served.bytes("late")))
                                    .build()
                                    .buffer(),
                            0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
