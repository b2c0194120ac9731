package io.milena.log.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.milena.log.AppendResult;
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
            case 0, 1 -> sendNext(story, log, producerId, sent);
            case 2 -> sendAgain(story, log, sent);
            default -> sendTooEarly(story, log, producerId, sent);
        }
    }

    private static int nextSequence(List<LogModel.Batch> sent) {
        return sent.isEmpty()
                ? 0
                : sent.getLast().sequence() + sent.getLast().entries().size();
    }

    private static AppendResult append(StoryLog log, List<LogModel.Entry> entries, long producerId, int sequence) {
        return log.log()
                .append(
                        AppendStep.batch(entries)
                                .producer(producerId, (short) 0, sequence)
                                .build()
                                .buffer(),
                        0);
    }

    private static void sendNext(Story story, StoryLog log, long producerId, List<LogModel.Batch> sent) {
        List<LogModel.Entry> entries = AppendStep.entries(story);
        int sequence = nextSequence(sent);
        AppendResult result = append(log, entries, producerId, sequence);
        if (sent.isEmpty() && result instanceof AppendResult.Refused refused) {
            // All that it sent is deleted, but may be remembered.
            if (refused.reason() == AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER) {
                return;
            }
        }
        if (sent.isEmpty() && result instanceof AppendResult.Duplicate) {
            return;
        }
        AppendStep.note(story, log, result, entries, producerId, sequence);
    }

    private static void sendAgain(Story story, StoryLog log, List<LogModel.Batch> sent) {
        int remembered = Math.min(REMEMBERED, sent.size());
        LogModel.Batch again = sent.get(sent.size() - 1 - story.random().nextInt(remembered));
        AppendResult result = append(log, again.entries(), again.producerId(), again.sequence());
        if (result instanceof AppendResult.Refused refused) {
            AppendStep.noteRefusal(story, log, refused);
            return;
        }
        AppendResult.Duplicate duplicate = assertInstanceOf(AppendResult.Duplicate.class, result);
        assertEquals(again.baseOffset(), duplicate.baseOffset());
        assertEquals(again.lastOffset(), duplicate.lastOffset());
    }

    private static void sendTooEarly(Story story, StoryLog log, long producerId, List<LogModel.Batch> sent) {
        AppendResult result = append(log, AppendStep.entries(story), producerId, nextSequence(sent) + 1);
        AppendResult.Refused refused = assertInstanceOf(AppendResult.Refused.class, result);
        if (refused.reason() != AppendResult.Reason.OUT_OF_ORDER_SEQUENCE_NUMBER) {
            AppendStep.noteRefusal(story, log, refused);
        }
    }
}
