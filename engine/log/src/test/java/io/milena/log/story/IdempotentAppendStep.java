package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.milena.log.AppendResult;
import io.milena.records.RecordBatchBuilder;
import java.util.List;

/** An idempotent producer sends its next batch, one of its last five again, or one too early. */
final class IdempotentAppendStep implements Step {
    private static final int REMEMBERED = 5;

    @Override
    public void take(Story story) {
        StoryLog log = story.anyLog();
        if (log.model().hasDamage()) {
            return; // the broker may have lost what it knew of a producer
        }
        long producerId = story.random().nextLong(100, 102);
        List<LogModel.Batch> sent = log.model().batchesOf(producerId);
        switch (sent.isEmpty() ? 0 : story.random().nextInt(4)) {
            case 0, 1 -> sendNext(story, log, LogModel.Kind.PLAIN, producerId);
            case 2 -> sendAgain(story, log, sent);
            default -> sendTooEarly(story, log, producerId, sent);
        }
    }

    static int nextSequence(List<LogModel.Batch> sent) {
        return sent.isEmpty()
                ? 0
                : sent.getLast().origin().sequence() + sent.getLast().entries().size();
    }

    private static AppendResult append(StoryLog log, List<LogModel.Entry> entries, LogModel.Origin origin) {
        RecordBatchBuilder batch =
                AppendStep.batch(entries).producer(origin.producerId(), (short) 0, origin.sequence());
        boolean isTransactional = origin.kind() == LogModel.Kind.TRANSACTIONAL;
        return log.log()
                .append(
                        (isTransactional ? batch.transactional() : batch)
                                .build()
                                .buffer(),
                        0);
    }

    /** The next batch of a producer, in order. */
    static void sendNext(Story story, StoryLog log, LogModel.Kind kind, long producerId) {
        List<LogModel.Batch> sent = log.model().batchesOf(producerId);
        List<LogModel.Entry> entries = AppendStep.entries(story, log);
        LogModel.Origin origin = new LogModel.Origin(kind, producerId, nextSequence(sent));
        AppendResult result = append(log, entries, origin);
        if (sent.isEmpty() && result instanceof AppendResult.Refused refused) {
            // All that it sent is deleted, but may be remembered.
            if (refused.reason() == AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER) {
                return;
            }
        }
        if (sent.isEmpty() && result instanceof AppendResult.Duplicate) {
            return;
        }
        AppendStep.note(story, log, result, entries, origin);
    }

    /** After a crash a log whose older batches are compacted may know the last one only. */
    private static void sendAgain(Story story, StoryLog log, List<LogModel.Batch> sent) {
        int remembered = log.isCompacted() ? 1 : Math.min(REMEMBERED, sent.size());
        LogModel.Batch again = sent.get(sent.size() - 1 - story.random().nextInt(remembered));
        AppendResult result = append(log, again.entries(), again.origin());
        if (result instanceof AppendResult.Refused refused) {
            AppendStep.noteRefusal(story, log, refused);
            return;
        }
        AppendResult.Duplicate duplicate = assertInstanceOf(AppendResult.Duplicate.class, result);
        assertEquals(again.baseOffset(), duplicate.baseOffset());
        assertEquals(again.lastOffset(), duplicate.lastOffset());
    }

    private static void sendTooEarly(Story story, StoryLog log, long producerId, List<LogModel.Batch> sent) {
        LogModel.Origin origin = new LogModel.Origin(LogModel.Kind.PLAIN, producerId, nextSequence(sent) + 1);
        AppendResult result = append(log, AppendStep.entries(story, log), origin);
        AppendResult.Refused refused = assertInstanceOf(AppendResult.Refused.class, result);
        if (refused.reason() != AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER) {
            AppendStep.noteRefusal(story, log, refused);
        }
    }
}
