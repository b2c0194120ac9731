package io.milena.log.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.log.story.LogModel.Batch;
import io.milena.log.story.LogModel.Entry;
import io.milena.log.story.LogModel.Kind;
import io.milena.log.story.LogModel.Origin;
import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares what is read from an offset on, batch by batch, with what a log must hold: everything as it was sent, but for what compaction may have taken away. */
final class Comparison {
    private final LogModel model;
    private final List<Batch> expected;
    /** Made when something is missing. */
    private @Nullable CompactionRules rules;

    private int next;

    Comparison(LogModel model, long offset) {
        this.model = model;
        this.expected = model.from(offset);
    }

    private CompactionRules rules() {
        CompactionRules made = rules == null ? new CompactionRules(model) : rules;
        rules = made;
        return made;
    }

    /** Compares the next batch that is there; answers the one that it was. */
    Batch next(RecordBatch batch) {
        assertTrue(batch.isIntact(), "a batch that is not intact");
        while (next < expected.size() && expected.get(next).lastOffset() < batch.baseOffset()) {
            assertMayBeGone(expected.get(next++));
        }
        assertTrue(next < expected.size(), () -> "a batch at " + batch.baseOffset() + " that nobody has sent");
        Batch sent = expected.get(next++);
        assertEquals(sent.baseOffset(), batch.baseOffset(), "the first offset of a batch");
        assertEquals(sent.lastOffset(), batch.lastOffset(), "the last offset of a batch");
        assertEquals(sent.origin(), origin(batch, sent.origin().kind()));
        compareRecords(sent, batch);
        return sent;
    }

    /** There is nothing more below a bound. */
    void assertNothing(long bound) {
        while (next < expected.size() && expected.get(next).lastOffset() < bound) {
            assertMayBeGone(expected.get(next++));
        }
    }

    /** What lies below a bound was not served, because it cannot be read. */
    void assertDamaged(long bound) {
        while (next < expected.size() && expected.get(next).baseOffset() < bound) {
            Batch batch = expected.get(next++);
            assertTrue(
                    model.isDamaged(batch) || rules().mayBeGone(batch), () -> "not damaged, but not served: " + batch);
        }
    }

    private void assertMayBeGone(Batch batch) {
        assertTrue(rules().mayBeGone(batch), () -> "nothing is left of " + batch);
    }

    private void compareRecords(Batch sent, RecordBatch batch) {
        Map<Long, Entry> found = new HashMap<>();
        if (!batch.isControl()) {
            batch.records().forEach(record -> found.put(record.offset(), entry(record)));
        } else if (batch.recordCount() > 0) {
            found.put(sent.baseOffset(), sent.entries().getFirst()); // a marker, which origin() has compared
        }
        for (int i = 0; i < sent.entries().size(); i++) {
            int index = i;
            Entry entry = found.remove(sent.baseOffset() + i);
            if (entry == null) {
                assertTrue(rules().mayBeGone(sent, i), () -> "the record " + index + " is gone of " + sent);
            } else {
                assertEquals(sent.entries().get(i), entry);
            }
        }
        assertTrue(found.isEmpty(), () -> "more than was sent: " + found);
    }

    private static Entry entry(Record record) {
        return new Entry(record.timestampMs(), text(record.key()), text(record.value()));
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : UTF_8.decode(bytes.duplicate()).toString();
    }

    /** @param emptied what the batch was, where compaction has left it without its marker */
    private static Origin origin(RecordBatch batch, Kind emptied) {
        if (!batch.hasProducerId()) {
            return Origin.NOBODY;
        }
        int sequence = batch.isControl() ? -1 : batch.baseSequence();
        return new Origin(kind(batch, emptied), batch.producerId(), sequence);
    }

    private static Kind kind(RecordBatch batch, Kind emptied) {
        if (!batch.isControl()) {
            return batch.isTransactional() ? Kind.TRANSACTIONAL : Kind.PLAIN;
        }
        for (Record record : batch.records()) {
            return ControlRecord.ofKey(record.key()) == ControlRecord.ABORT ? Kind.ABORT : Kind.COMMIT;
        }
        return emptied;
    }
}
