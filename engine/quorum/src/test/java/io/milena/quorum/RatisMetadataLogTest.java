package io.milena.quorum;

import static io.milena.quorum.QuorumOfThree.CLUSTER;
import static io.milena.quorum.QuorumOfThree.numbered;
import static io.milena.quorum.RecordingListener.records;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quorum of one: the contract, restarts, and what is refused. */
class RatisMetadataLogTest implements MetadataLogContract {
    @TempDir
    private Path directory;

    private QuorumOfThree quorum;

    @BeforeEach
    void prepare() throws IOException {
        quorum = new QuorumOfThree(directory);
    }

    @AfterEach
    void close() throws IOException {
        quorum.close();
    }

    @Override
    public MetadataLog openLeading(RecordingListener listener) throws Exception {
        Peer self = quorum.peer(NODE);
        RatisMetadataLog log = RatisMetadataLog.open(
                quorum.data(NODE), new QuorumSettings(CLUSTER, self, List.of(self)), Environment.system(), listener);
        listener.await(() -> listener.leadership().isBy(NODE), "leading");
        return log;
    }

    @Test
    void aRestartHandsOutTheSnapshotAndWhatFollowsIt() throws Exception {
        RecordingListener first = new RecordingListener();
        try (MetadataLog log = openLeading(first)) {
            log.append(records("a", "b"));
            log.snapshot(records("ab"));
            log.append(records("c"));
        }
        RecordingListener listener = new RecordingListener();
        try (MetadataLog log = openLeading(listener)) {
            assertEquals(List.of("ab", "c"), listener.heard());
            assertEquals(List.of(first.times().getLast()), listener.times(), "when it was appended, not heard again");
            assertEquals(3, log.endOffset());
            assertEquals(3, log.append(records("d")));
            log.snapshot(records("abcd"));
        }
        RecordingListener again = new RecordingListener();
        openLeading(again).close();
        assertEquals(List.of("abcd"), again.heard());
        assertEquals(4, again.endOffset());
    }

    @Test
    void theEpochGrowsWithEveryStart() throws Exception {
        MetadataLog first = openLeading(new RecordingListener());
        int epoch = first.epoch();
        first.close();
        try (MetadataLog second = openLeading(new RecordingListener())) {
            assertTrue(second.epoch() > epoch);
        }
    }

    @Test
    void anAppendThatIsTooLargeIsRefusedAndTheNextOneIsNot() throws Exception {
        try (MetadataLog log = openLeading(new RecordingListener())) {
            IOException error = assertThrows(IOException.class, () -> log.append(records("x".repeat(5 << 20))));
            assertTrue(error.toString().contains("larger than"), error::toString);
            assertEquals(0, log.append(records("x".repeat(3 << 20))));
        }
    }

    @Test
    void theDirectoryOfAnotherClusterIsRefused() throws Exception {
        openLeading(new RecordingListener()).close();
        Peer self = quorum.peer(NODE);
        IOException error = assertThrows(
                IOException.class,
                () -> RatisMetadataLog.open(
                        quorum.data(NODE),
                        new QuorumSettings("another cluster", self, List.of(self)),
                        Environment.system(),
                        new RecordingListener()));
        assertTrue(error.toString().contains("belongs to another cluster"), error::toString);
    }

    @Test
    void aPortThatIsInUseIsAnErrorAndNoMore() throws Exception {
        Peer self = quorum.peer(NODE);
        try (ServerSocket taken = new ServerSocket(self.port(), 1, InetAddress.getLoopbackAddress())) {
            assertTrue(taken.isBound());
            assertThrows(IOException.class, () -> openLeading(new RecordingListener()));
        }
        openLeading(new RecordingListener()).close();
    }

    @Test
    void aListenerThatFailsStopsTheLog() throws Exception {
        Peer self = quorum.peer(NODE);
        RecordingListener elections = new RecordingListener();
        MetadataLog.Listener failing = new MetadataLog.Listener() {
            @Override
            public void snapshot(long endOffset, int epoch, List<ByteBuffer> records) {}

            @Override
            public void committed(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records) {
                throw new IllegalStateException("not this one");
            }

            @Override
            public void leadership(Leadership leadership) {
                elections.leadership(leadership);
            }
        };
        try (RatisMetadataLog log = RatisMetadataLog.open(
                quorum.data(NODE), new QuorumSettings(CLUSTER, self, List.of(self)), Environment.system(), failing)) {
            elections.await(() -> elections.leadership().isBy(NODE), "leading");
            assertThrows(IOException.class, () -> log.append(records("a")));
            assertThrows(IOException.class, () -> log.append(records("b")));
        }
    }

    @Test
    void severalRestartsKeepEverything() throws Exception {
        for (int life = 0; life < 3; life++) {
            RecordingListener listener = new RecordingListener();
            try (MetadataLog log = openLeading(listener)) {
                assertEquals(life * 20L, log.endOffset());
                for (String text : numbered("record", 20)) {
                    log.append(records(text));
                }
            }
        }
    }
}
