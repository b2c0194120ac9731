package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.Message;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.TopicRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordTransactionsTest {
    private final RecordTransactions transactions = new RecordTransactions();

    private static List<Message> topics(int count) {
        return IntStream.range(0, count)
                .<Message>mapToObj(i -> new TopicRecord("topic-" + i, new UUID(1, i)))
                .toList();
    }

    private static List<Message> decoded(List<ByteBuffer> append) {
        List<Message> records = new ArrayList<>();
        append.forEach(record -> records.add(MetadataRecords.decode(record).orElseThrow()));
        return records;
    }

    @Test
    void whatFitsIsOneAppendWithoutMarks() {
        List<List<ByteBuffer>> appends = RecordTransactions.appends(topics(3), 10_000);

        assertEquals(1, appends.size());
        assertEquals(topics(3), transactions.heard(decoded(appends.getFirst())));
    }

    @Test
    void aLargeDecisionIsHeardAsAWholeWhenItsLastAppendIs() {
        for (int bytesMax : new int[] {250, 300, 1_000, 5_000}) {
            List<List<ByteBuffer>> appends = RecordTransactions.appends(topics(50), bytesMax);
            assertTrue(appends.size() > 1);
            for (List<ByteBuffer> append : appends) {
                int bytes = append.stream()
                        .mapToInt(record -> record.remaining() + 100)
                        .sum();
                assertTrue(bytes <= bytesMax, bytes + " of " + bytesMax);
            }
            for (List<ByteBuffer> append : appends.subList(0, appends.size() - 1)) {
                assertEquals(List.of(), transactions.heard(decoded(append)));
                assertTrue(transactions.isOpen());
            }
            assertEquals(topics(50), transactions.heard(decoded(appends.getLast())));
            assertFalse(transactions.isOpen());
        }
    }

    @Test
    void whatWasNotEndedIsAbortedAndNothingOfItIsHeard() {
        List<List<ByteBuffer>> appends = RecordTransactions.appends(topics(50), 1_000);
        transactions.heard(decoded(appends.getFirst()));

        assertEquals(List.of(), transactions.heard(decoded(RecordTransactions.abortion())));

        assertFalse(transactions.isOpen());
        List<Message> next =
                List.of(ProducerIdsRecord.builder().nextProducerId(7).build());
        assertEquals(next, transactions.heard(next));
    }

    @Test
    void marksThatDoNotFitAreRefused() {
        List<List<ByteBuffer>> appends = RecordTransactions.appends(topics(50), 1_000);
        assertThrows(IllegalStateException.class, () -> transactions.heard(decoded(appends.getLast())));
        transactions.heard(decoded(appends.getFirst()));
        assertThrows(IllegalStateException.class, () -> transactions.heard(decoded(appends.getFirst())));
    }
}
