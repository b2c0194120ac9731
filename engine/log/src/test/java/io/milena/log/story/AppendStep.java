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
import org.jspecify.annotations.Nullable;

/** A batch of a few records is appended; the offsets are the next ones, or the disk is at fault. */
final class AppendStep implements Step {
    private static final int KEYS = 12;

    @Override
    public void take(Story story) {
        StoryLog log = story.anyLog();
        List<LogModel.Entry> entries = entries(story, log);
        AppendResult result = log.log().append(batch(entries).build().buffer(), 0);
        note(story, log, result, entries, LogModel.Origin.NOBODY);
    }

    static List<LogModel.Entry> entries(Story story, StoryLog log) {
        int count = 1 + story.random().nextInt(4);
        List<LogModel.Entry> entries = new ArrayList<>();
        story.clock().advanceMs(story.random().nextInt(2000));
        for (int i = 0; i < count; i++) {
            long timestampMs = story.clock().millis() - story.random().nextInt(500);
            boolean isTombstone = log.isCompacted() && story.random().nextInt(5) == 0;
            entries.add(new LogModel.Entry(
                    timestampMs,
                    log.isCompacted() ? "key " + story.random().nextInt(KEYS) : null,
                    isTombstone ? null : story.freshValue()));
        }
        return entries;
    }

    static RecordBatchBuilder batch(List<LogModel.Entry> entries) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (LogModel.Entry entry : entries) {
            builder.append(entry.timestampMs(), bytes(entry.key()), bytes(entry.value()));
        }
        return builder;
    }

    private static @Nullable ByteBuffer bytes(@Nullable String text) {
        return text == null ? null : ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static void note(
            Story story, StoryLog log, AppendResult result, List<LogModel.Entry> entries, LogModel.Origin origin) {
        switch (result) {
            case AppendResult.Appended appended -> {
                assertTrue(!log.model().isOffline(), "an offline log takes records");
                log.model().append(appended.baseOffset(), entries, origin);
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
