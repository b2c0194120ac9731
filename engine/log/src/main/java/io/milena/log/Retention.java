package io.milena.log;

import java.io.IOException;
import java.nio.file.Files;

/** Which segments a log keeps no longer: those below its start, and with {@code cleanup.policy=delete} those that are too old or too many. */
record Retention(LogSettings.Deleting settings, long nowMs, long logStartOffset, long flushedOffset)
        implements Segments.Expiry {
    @Override
    public boolean isOver(Segment oldest, long endOffset, long newerBytes) throws IOException {
        return endOffset <= logStartOffset
                || (settings.isOn() && endOffset <= flushedOffset && (isTooOld(oldest) || isTooMuch(newerBytes)));
    }

    /** Whether even the active segment is past its time, or the log shall hold nothing at all, so that it has to be sealed to go. */
    boolean isOver(Segment active) throws IOException {
        return settings.isOn() && active.sizeInBytes() > 0 && (isTooOld(active) || isTooMuch(0));
    }

    private boolean isTooOld(Segment segment) throws IOException {
        return settings.retentionMs() >= 0 && nowMs - newestMs(segment) > settings.retentionMs();
    }

    /** Where no record tells its time, because none can be read perhaps, the file's. */
    private static long newestMs(Segment segment) throws IOException {
        long timestampMs = segment.maxTimestampMs();
        return timestampMs >= 0
                ? timestampMs
                : Files.getLastModifiedTime(segment.batches().path()).toMillis();
    }

    private boolean isTooMuch(long newerBytes) {
        return settings.retentionBytes() >= 0 && newerBytes >= settings.retentionBytes();
    }
}
