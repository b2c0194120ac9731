package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many clients may come, and what is counted of them. */
@Timeout(120)
class ConnectionLimitsTest {
    private static ConnectionServer.Limits limits(int connectionsMax, int connectionsPerAddressMax) {
        return new ConnectionServer.Limits(1_000_000, 64L << 20, connectionsMax, connectionsPerAddressMax, -1);
    }

    @Test
    void nobodyIsAdmittedBeyondTheLimitUntilSomebodyLeaves() throws Exception {
        assertTwoAreAdmitted(limits(2, 100));
    }

    @Test
    void nobodyIsAdmittedBeyondTheLimitOfAnAddressUntilSomebodyLeaves() throws Exception {
        assertTwoAreAdmitted(limits(100, 2));
    }

    private static void assertTwoAreAdmitted(ConnectionServer.Limits limits) throws Exception {
        try (LoopbackServer server = LoopbackServer.start(LoopbackServer::echo, limits);
                Client staying = server.connect()) {
            assertEquals("staying", staying.ask("staying"));
            try (Client leaving = server.connect()) {
                assertEquals("leaving", leaving.ask("leaving"));
                for (int i = 0; i < 3; i++) {
                    try (Client refused = server.connect()) {
                        refused.assertClosed();
                    }
                }
            }
            server.awaitEnd(2);
            try (Client third = server.connect()) {
                assertEquals("third", third.ask("third"));
                assertEquals(2, server.statistics().open());
                assertEquals(3, server.statistics().accepted());
                assertEquals(3, server.statistics().refused());
            }
        }
    }

    @Test
    void aHandlerThatCannotBeMadeCostsOnlyItsConnection() throws Exception {
        FrameHandler.Factory picky = (local, remote) -> {
            throw new IllegalStateException("no handler for " + remote);
        };
        try (LoopbackServer server = LoopbackServer.startWith(picky, limits(1, 1))) {
            for (int number = 1; number <= 3; number++) {
                try (Client client = server.connect()) {
                    client.assertClosed();
                }
                server.awaitEnd(number);
            }
            assertEquals(3, server.statistics().accepted());
            assertEquals(0, server.statistics().open());
        }
    }

    @Test
    void aHandlerKnowsBothEnds() throws IOException {
        FrameHandler.Factory named = (local, remote) -> frame -> Reply.ready(
                PendingReply.frame(local.getPort() + " " + remote.getAddress().isLoopbackAddress()));
        try (LoopbackServer server = LoopbackServer.startWith(named, limits(1, 1));
                Client client = server.connect()) {
            assertEquals(server.port() + " true", client.ask("who?"));
        }
    }

    @Test
    void addressesAreCountedApart() {
        ClientCounts counts = new ClientCounts();
        assertNull(counts.enter("a", 3, 2));
        assertNull(counts.enter("a", 3, 2));
        String refusal = counts.enter("a", 3, 2);
        assertNotNull(refusal);
        assertTrue(refusal.contains("max.connections.per.ip"), refusal);
        assertNull(counts.enter("b", 3, 2));
        refusal = counts.enter("c", 3, 2);
        assertNotNull(refusal);
        assertTrue(refusal.endsWith("max.connections"), refusal);
        counts.leave("a");
        assertNull(counts.enter("c", 3, 2));
    }

    @Test
    void bytesAndRequestsAreCounted() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(LoopbackServer::echo)) {
            try (Client client = server.connect()) {
                for (int i = 0; i < 10; i++) {
                    client.ask("ten bytes.");
                }
                client.sendSize(7);
                client.sendBytes(new byte[6]);
            }
            server.awaitEnd(1);
            ConnectionStatistics statistics = server.statistics();
            assertEquals(10, statistics.requests());
            assertEquals(10 * 14 + 4 + 6, statistics.bytesIn());
            assertEquals(10 * 14, statistics.bytesOut());
            assertEquals(1, statistics.accepted());
            assertEquals(0, statistics.open());
            assertEquals(0, statistics.refused());
        }
    }
}
