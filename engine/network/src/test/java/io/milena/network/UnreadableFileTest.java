package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Payload;
import io.milena.testkit.DiskFaults;
import io.milena.testkit.DiskOperation;
import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk that fails while a part of a file is on its way to a client: too late for an error, but not for a word about it. */
@Timeout(120)
class UnreadableFileTest {
    private static final int PART_BYTES = 400_000;

    private final SimulatedFileSystem disk = SimulatedFileSystem.create();
    private final Path path = disk.root().resolve("segment");
    private final Queue<LogRecord> reports = new ConcurrentLinkedQueue<>();

    /** Answers with the size of a frame, and a part of the file that is to be that frame. */
    private record FromFile(FileChannel channel, int sizeInBytes, AtomicInteger released) implements FrameHandler {
        @Override
        public Reply handle(ByteBuffer frame) {
            Payload size = new Payload.InMemory(
                    ByteBuffer.allocate(4).putInt(sizeInBytes).flip());
            return Reply.ready(List.of(size, new Part(channel, sizeInBytes, released)));
        }

        @Override
        public void close() {}
    }

    private record Part(FileChannel channel, int sizeInBytes, AtomicInteger released) implements Payload.InFile {
        @Override
        public long position() {
            return 0;
        }

        @Override
        public int bytesAtOnce() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void prepare(long from, long count) {}

        @Override
        public void release() {
            released.incrementAndGet();
        }
    }

    private final class Listener extends Handler {
        @Override
        public void publish(LogRecord report) {
            if (report.getLevel().intValue() >= Level.WARNING.intValue()) {
                reports.add(report);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Has a part sent by a disk with such faults to a client that may read it, and answers how much of it has come. */
    private int received(int sizeInBytes, DiskFaults faults) throws Exception {
        Files.write(path, new byte[sizeInBytes]);
        AtomicInteger released = new AtomicInteger();
        Logger logger = Logger.getLogger(Connection.class.getName());
        Handler listener = new Listener();
        logger.addHandler(listener);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                LoopbackServer server = LoopbackServer.start(new FromFile(channel, sizeInBytes, released))) {
            disk.faults(faults);
            int count = 0;
            try (Client client = server.connect()) {
                client.send("give me the file");
                client.receiveSize();
                for (; count < sizeInBytes; count++) {
                    client.receiveBytes(1);
                }
            } catch (IOException e) {
                assertTrue(count < sizeInBytes, "all of it was read");
            }
            server.awaitEnd(1);
            assertEquals(1, released.get());
            return count;
        } finally {
            logger.removeHandler(listener);
        }
    }

    private static DiskFaults failingFrom(int read) {
        return DiskFaults.failing(DiskOperation.READ, path -> true, read, Integer.MAX_VALUE);
    }

    private void assertReported(int sizeInBytes) {
        LogRecord report = reports.remove();
        assertEquals(Level.SEVERE, report.getLevel());
        String why = String.valueOf(report.getThrown().getMessage());
        assertTrue(
                why.startsWith(sizeInBytes + " bytes from position 0 of a file on could not be read")
                        && why.endsWith("Input/output error"),
                why);
    }

    @Test
    void theConnectionEndsWithAReportWhereALargePartCannotBeRead() throws Exception {
        assertTrue(received(PART_BYTES, failingFrom(2)) < PART_BYTES);
        assertReported(PART_BYTES);
    }

    @Test
    void theConnectionEndsWithAReportWhereASmallPartCannotBeRead() throws Exception {
        assertEquals(0, received(1000, failingFrom(0)));
        assertReported(1000);
    }

    @Test
    void nothingIsReportedOfADiskThatWorks() throws Exception {
        assertEquals(PART_BYTES, received(PART_BYTES, DiskFaults.none()));
        assertEquals(List.of(), List.copyOf(reports));
    }
}
