package io.milena.broker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.MetadataRecords;
import io.milena.metadata.RecordTransactions;
import io.milena.protocol.Message;
import io.milena.protocol.record.AbortTransactionRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.quorum.InMemoryMetadataLog;
import io.milena.quorum.Leadership;
import io.milena.quorum.MetadataLog;
import io.milena.quorum.Peer;
import io.milena.quorum.Quorum;
import io.milena.quorum.UncertainAppendException;
import io.milena.testkit.HandClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecisionLogTest {
    private static final int APPEND_BYTES_MAX = 1_000;

    private final RecordTransactions heard = new RecordTransactions();
    private final LossyLog log = new LossyLog();
    private final DecisionLog decisions = new DecisionLog(log, heard);

    /** The test tells what is heard. */
    private enum Deaf implements MetadataLog.Listener {
        INSTANCE;

        @Override
        public void snapshot(long endOffset, int epoch, List<ByteBuffer> records) {}

        @Override
        public void committed(long baseOffset, int epoch, long timeMs, List<ByteBuffer> records) {}

        @Override
        public void leadership(Leadership leadership) {}
    }

    /** A log whose answers may be lost on their way. */
    private static final class LossyLog implements MetadataLog {
        private final InMemoryMetadataLog kept =
                new InMemoryMetadataLog(new Peer(1, "localhost", 9093), new HandClock(), Deaf.INSTANCE);
        private final List<List<ByteBuffer>> appends = new ArrayList<>();
        private final List<Integer> resigned = new ArrayList<>();
        private boolean losesAnswers;

        @Override
        public long append(List<ByteBuffer> records, int epoch) throws IOException {
            long offset = kept.append(records, epoch);
            appends.add(records);
            if (losesAnswers) {
                throw new UncertainAppendException(new IOException("no answer"));
            }
            return offset;
        }

        @Override
        public void resign(int epoch) {
            resigned.add(epoch);
        }

        @Override
        public int appendBytesMax() {
            return APPEND_BYTES_MAX;
        }

        @Override
        public long endOffset() {
            return kept.endOffset();
        }

        @Override
        public Leadership leadership() {
            return kept.leadership();
        }

        @Override
        public long bytesSinceSnapshot() {
            return kept.bytesSinceSnapshot();
        }

        @Override
        public void snapshot(long endOffset, List<ByteBuffer> records) {
            kept.snapshot(endOffset, records);
        }

        @Override
        public Quorum quorum() {
            return kept.quorum();
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    private static List<Message> topics(int count) {
        return IntStream.range(0, count)
                .<Message>mapToObj(i -> new TopicRecord("topic-" + i, new UUID(1, i)))
                .toList();
    }

    private static List<Message> decoded(List<ByteBuffer> records) {
        return records.stream()
                .map(record -> MetadataRecords.decode(record).orElseThrow())
                .toList();
    }

    @Test
    void anAppendWithoutAnAnswerIsTheLastInItsEpoch() throws IOException {
        int epoch = log.epoch();
        decisions.append(topics(1), epoch);
        assertFalse(decisions.isUncertain(log.leadership()));

        log.losesAnswers = true;
        assertThrows(UncertainAppendException.class, () -> decisions.append(topics(1), epoch));

        assertTrue(decisions.isUncertain(log.leadership()));
        assertEquals(List.of(epoch), log.resigned);
        decisions.resign(epoch);
        assertEquals(List.of(epoch, epoch), log.resigned);
        assertFalse(
                decisions.isUncertain(new Leadership(epoch + 1, log.leadership().leaderId())));
    }

    @Test
    void aLargeDecisionIsHeardWhole() throws IOException {
        decisions.append(topics(50), log.epoch());

        assertTrue(log.appends.size() > 1);
        List<Message> replayed = new ArrayList<>();
        for (List<ByteBuffer> append : log.appends) {
            replayed.addAll(heard.heard(decoded(append)));
        }
        assertEquals(topics(50), replayed);
    }

    @Test
    void whatAnEarlierControllerHasNotEndedIsAborted() throws IOException {
        heard.heard(
                decoded(RecordTransactions.appends(topics(50), APPEND_BYTES_MAX).getFirst()));

        decisions.append(topics(1), log.epoch());

        assertTrue(decoded(log.appends.getFirst()).getFirst() instanceof AbortTransactionRecord);
        assertEquals(topics(1), decoded(log.appends.get(1)));
    }
}
