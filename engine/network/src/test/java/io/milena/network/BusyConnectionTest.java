package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose requests come quickly is read by a thread of the system, until nothing comes any more. */
@Timeout(120)
class BusyConnectionTest {
    private static final String VIRTUAL = "virtual";
    private static final String OF_SYSTEM = "of the system";

    private final HandClock clock = new HandClock();

    private static String thread() {
        return Thread.currentThread().isVirtual() ? VIRTUAL : OF_SYSTEM;
    }

    private static Reply tellThread(ByteBuffer frame) {
        return Reply.ready(PendingReply.frame(thread().getBytes(StandardCharsets.UTF_8)));
    }

    /** The clock of the server stands still, so any number of requests comes quickly. */
    private static void askOften(Client client) throws IOException {
        for (int i = 0; i < Pace.REQUESTS; i++) {
            client.ask("?");
        }
    }

    @Test
    void whoAsksQuicklyHasAThreadOfTheSystem() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(BusyConnectionTest::tellThread);
                Client client = server.connect();
                Client other = server.connect()) {
            assertEquals(VIRTUAL, client.ask("?"));
            askOften(client);
            assertEquals(OF_SYSTEM, client.ask("?"));
            assertEquals(VIRTUAL, other.ask("?"));
        }
    }

    @Test
    void itsClientLeavesAndItsServerStopsAsElsewhere() throws Exception {
        LoopbackServer server = LoopbackServer.start(BusyConnectionTest::tellThread);
        try (server) {
            try (Client leaves = server.connect()) {
                askOften(leaves);
            }
            server.awaitEnd(1);
            try (Client stays = server.connect()) {
                askOften(stays);
                server.abort();
                stays.assertClosed();
            }
        }
        server.assertNoThreadIsLeft();
    }

    @Test
    void whenNothingComesItGoesBack() throws Exception {
        Queue<String> readBy = new ConcurrentLinkedQueue<>();
        int requests = 3 * Pace.REQUESTS;
        ByteBuffer frames = ByteBuffer.allocate(requests * 2 * Integer.BYTES);
        while (frames.hasRemaining()) {
            frames.putInt(Integer.BYTES).putInt(0);
        }
        Feed feed = new Feed(frames.array(), () -> -1) { // each read takes as many whole frames as it has room for
                    @Override
                    public boolean holdsThreads() {
                        return true;
                    }

                    @Override
                    public int read(ByteBuffer into, long patienceMs) {
                        return 0;
                    }
                };
        serve(feed, frame -> {
            readBy.add(thread());
            return Reply.none();
        });
        assertEquals(requests, readBy.size());
        List<String> changes = new ArrayList<>();
        readBy.forEach(kind -> {
            if (changes.isEmpty() || !changes.getLast().equals(kind)) {
                changes.add(kind);
            }
        });
        assertEquals(List.of(VIRTUAL, OF_SYSTEM, VIRTUAL), changes.subList(0, 3));
    }

    private void serve(Feed feed, FrameHandler handler) throws InterruptedException {
        Activity activity = new Activity(clock);
        ConnectionStatistics statistics = new ConnectionStatistics();
        Connection connection = new Connection(
                feed,
                handler,
                new FrameReader(feed, new FrameBuffers(1 << 20), activity, statistics, 1 << 20),
                new PayloadWriter(feed, activity, statistics),
                activity,
                new Pace(clock));
        BusyThreads busyThreads = new BusyThreads(Threads.system());
        Thread.startVirtualThread(() -> connection.serve(Threads.system(), busyThreads, "connection"))
                .join();
    }

    @Test
    void threadsOfTheSystemAreFew() throws Exception {
        BusyThreads busy = new BusyThreads(Threads.system());
        CountDownLatch begun = new CountDownLatch(BusyThreads.MAX);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> connections = new ArrayList<>();
        for (int i = 0; i < BusyThreads.MAX; i++) {
            connections.add(Thread.startVirtualThread(() -> run(busy, begun, end)));
        }
        begun.await();
        assertFalse(busy.run("one more", () -> {}));
        end.countDown();
        for (Thread connection : connections) {
            connection.join();
        }
        assertTrue(busy.run("one more", () -> {}));
    }

    private static void run(BusyThreads busy, CountDownLatch begun, CountDownLatch end) {
        try {
            busy.run("busy", () -> {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whereTheSystemHasNoMoreThreadsNothingIsRun() throws Exception {
        BusyThreads busy = new BusyThreads(new Threads() {
            @Override
            public Thread start(String name, Runnable body) {
                return Threads.system().start(name, body);
            }

            @Override
            public Thread startBlocking(String name, Runnable body) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        for (int i = 0; i <= BusyThreads.MAX; i++) {
            assertFalse(busy.run("busy", () -> {}));
        }
    }

    @Test
    void aThousandASecondAreQuick() {
        Pace pace = new Pace(clock);
        List<Boolean> quick = new ArrayList<>();
        for (int i = 0; i < Pace.REQUESTS; i++) {
            quick.add(pace.isQuickWithThisOne());
        }
        assertEquals(
                List.of(Pace.REQUESTS - 1),
                quick.stream().filter(is -> is).map(quick::indexOf).toList());
        for (int i = 0; i < Pace.REQUESTS; i++) {
            clock.advanceMs(1);
            assertFalse(pace.isQuickWithThisOne());
        }
    }
}
