package io.milena.broker.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.MetadataRecords;
import io.milena.quorum.MetadataLog;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes the image down whenever the metadata log has grown by so much, so that a start need not read all of it. */
final class ImageSnapshots {
    private static final System.Logger LOG = System.getLogger(ImageSnapshots.class.getName());
    private static final long BYTES = 20 << 20;

    private final MetadataLog log;
    private final Threads threads;
    private final AtomicBoolean isTaking = new AtomicBoolean();

    ImageSnapshots(MetadataLog log, Threads threads) {
        this.log = log;
        this.threads = threads;
    }

    /**
     * The records are safe without one, so a failure is no reason to refuse the change that was made.
     *
     * @param isHere whether this thread is to do it; else one of its own
     */
    void takeIfDue(ClusterImage image, long endOffset, boolean isHere) {
        if (log.bytesSinceSnapshot() <= BYTES || !isTaking.compareAndSet(false, true)) {
            return;
        }
        Runnable take = () -> {
            try {
                log.snapshot(endOffset, MetadataRecords.encode(image.snapshot()));
            } catch (IOException e) {
                LOG.log(Level.WARNING, "The snapshot of the metadata failed; the next change tries it again", e);
            } finally {
                isTaking.set(false);
            }
        };
        if (isHere) {
            take.run();
        } else {
            threads.start("metadata-snapshot", take);
        }
    }
}
