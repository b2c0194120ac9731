package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.DirectoryInUseException;
import io.milena.network.SocketNetwork;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One broker, one data directory. A start that is refused says why and takes nothing with it. */
@Timeout(120)
class DataDirectoryTest {
    @TempDir
    private Path data;

    private static void assertSays(Exception refused, String... parts) {
        for (String part : parts) {
            assertTrue(
                    String.valueOf(refused.getMessage()).contains(part),
                    () -> "\"" + refused.getMessage() + "\" does not say \"" + part + "\"");
        }
    }

    /** Appends to a topic; answers the first offset. */
    private static long append(RunningBroker broker, UUID topic, int records) throws IOException {
        try (RawClient client = broker.connect()) {
            return new TopicClient(client, "orders", topic).append(Batches.ofRecords(records));
        }
    }

    @Test
    void aDirectoryInUseIsRefusedAndItsBrokerGoesOn() throws IOException {
        UUID id;
        try (RunningBroker first = RunningBroker.start(data)) {
            id = first.create("orders", 1);
            assertEquals(0, append(first, id, 2));
            Exception refused = assertThrows(DirectoryInUseException.class, () -> RunningBroker.start(data));
            assertSays(refused, data.toString(), "in use by another broker");
            assertEquals(2, append(first, id, 1));
        }
        try (RunningBroker second = RunningBroker.start(data)) {
            assertEquals(3, append(second, id, 1));
        }
    }

    @Test
    void aPortInUseIsRefusedAndTheDirectoryIsFreeAgain(@TempDir Path otherData) throws IOException {
        try (RunningBroker other = RunningBroker.start(otherData)) {
            Map<String, String> samePort = Map.of("listeners", "PLAINTEXT://localhost:" + other.port());
            Exception refused = assertThrows(IOException.class, () -> RunningBroker.start(data, samePort));
            assertSays(refused, Integer.toString(other.port()));
            RunningBroker.start(data).close();
        }
    }

    @Test
    void aStartThatIsRefusedLeavesNoThread(@TempDir Path otherData) throws Exception {
        RecordedThreads threads = new RecordedThreads();
        try (RunningBroker other = RunningBroker.start(otherData)) {
            BrokerSettings settings = BrokerSettings.of(Map.of("listeners", "PLAINTEXT://localhost:" + other.port()));
            Environment environment = new Environment(Clock.system(), threads, new Random(1));
            assertThrows(
                    IOException.class,
                    () -> Broker.start(settings, data, new SocketNetwork(settings.sockets()), environment));
        }
        assertFalse(threads.started.isEmpty());
        for (Thread thread : threads.started) {
            assertTrue(thread.join(Duration.ofSeconds(30)), () -> thread.getName() + " goes on");
        }
    }

    /** The JVM's threads, with a list of them. */
    private static final class RecordedThreads implements Threads {
        private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

        @Override
        public Thread start(String name, Runnable body) {
            return recorded(Threads.system().start(name, body));
        }

        @Override
        public Thread startBlocking(String name, Runnable body) {
            return recorded(Threads.system().startBlocking(name, body));
        }

        private Thread recorded(Thread thread) {
            started.add(thread);
            return thread;
        }
    }

    @Test
    void theDirectoryOfAnotherNodeIsRefused() throws IOException {
        RunningBroker.start(data, Map.of("node.id", "1")).close();
        Exception refused = assertThrows(IOException.class, () -> RunningBroker.start(data, Map.of("node.id", "2")));
        assertSays(refused, data.toString(), "node 1", "node.id 2");
        RunningBroker.start(data, Map.of("node.id", "1")).close();
    }

    @Test
    void aPathThatIsAFileIsRefused() throws IOException {
        Path file = Files.createFile(data.resolve("file"));
        assertSays(assertThrows(IOException.class, () -> RunningBroker.start(file)), file.toString());
    }
}
