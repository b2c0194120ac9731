package io.milena.log.story;

import io.milena.log.AppendResult;
import io.milena.log.story.LogModel.Batch;
import io.milena.log.story.LogModel.Kind;
import io.milena.records.ControlRecord;
import java.util.List;

/** One of a few transactional producers writes, or its transaction is committed or aborted. */
final class TransactionStep implements Step {
    @Override
    public void take(Story story) {
        StoryLog log = story.anyLog();
        if (log.model().hasDamage()) {
            return; // the broker may have lost what it knew of a producer
        }
        long producerId = story.random().nextLong(200, 203);
        switch (story.random().nextInt(6)) {
            case 0 -> end(story, log, producerId, Kind.COMMIT);
            case 1, 2 -> end(story, log, producerId, Kind.ABORT);
            default -> IdempotentAppendStep.sendNext(story, log, Kind.TRANSACTIONAL, producerId);
        }
    }

    private static void end(Story story, StoryLog log, long producerId, Kind kind) {
        List<Batch> sent = log.model().batchesOf(producerId);
        if (sent.isEmpty() && story.random().nextInt(4) > 0) {
            return; // coordinators write markers where there is something to end, as a rule
        }
        ControlRecord type = kind == Kind.ABORT ? ControlRecord.ABORT : ControlRecord.COMMIT;
        AppendResult result = log.log().appendMarker(producerId, (short) 0, 1, type, 0);
        LogModel.Entry marker = new LogModel.Entry(story.clock().millis(), null, "marker");
        AppendStep.note(story, log, result, List.of(marker), new LogModel.Origin(kind, producerId, -1));
    }
}
