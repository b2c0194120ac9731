package io.milena.log.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.milena.log.AppendResult;
import io.milena.records.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A batch of a few records is appended; the offsets are the next ones, or the disk is at fault. */
final class AppendStep implements Step {
    @Override
    public void take(Story story) {
        StoryLog log = story.anyLog();
        List<LogModel.Entry> entries = entries(story);
        AppendResult result = log.log().append(batch(entries).build().buffer(), 0);
        note(story, log, result, entries, -1, -1);
    }

    static List<LogModel.Entry> entries(Story story) {
        int count = 1 + story.random().nextInt(4);
        List<LogModel.Entry> entries = new ArrayList<>();
        story.clock().advanceMs(story.random().nextInt(2000));
        for (int i = 0; i < count; i++) {
            entries.add(
                    new LogModel.Entry(story.clock().millis() - story.random().nextInt(500), story.freshValue()));
        }
        return entries;
    }

    static RecordBatchBuilder batch(List<LogModel.Entry> entries) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (LogModel.Entry entry : entries) {
            builder.append(
                    entry.timestampMs(),
                    (ByteBuffer) null,
                    ByteBuffer.wrap(entry.value().getBytes(UTF_8)));
        }
        return builder;
    }

    static void note(
            Story story,
            StoryLog log,
            AppendResult result,
            List<LogModel.Entry> entries,
            long producerId,
            int sequence) {
        switch (result) {
            case AppendResult.Appended appended -> {
                assertTrue(!log.model().isOffline(), "an offline log takes records");
                log.model().append(appended.baseOffset(), entries, producerId, sequence);
            }
            case AppendResult.Refused refused -> noteRefusal(story, log, refused);
            case AppendResult.Duplicate duplicate -> fail("taken for a duplicate: " + duplicate);
        }
    }

    /** A log refuses only what the disk is to blame for. */
    static void noteRefusal(Story story, StoryLog log, AppendResult.Refused refused) {
        story.noteFailure();
        if (refused.reason() == AppendResult.Reason.RECORD_LIST_TOO_LARGE) {
            return; // does not fit into a segment
        }
        assertEquals(AppendResult.Reason.KAFKA_STORAGE_ERROR, refused.reason(), refused.message());
        assertTrue(
                log.model().isOffline() || story.plague().isAny(),
                () -> "refused without a reason: " + refused.message());
    }
}
