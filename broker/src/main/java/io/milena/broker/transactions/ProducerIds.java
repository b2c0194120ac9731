package io.milena.broker.transactions;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/** Numbers that no other producer has, from blocks that the controller hands out. Safe for use by many threads. */
public final class ProducerIds {
    private final ClusterMetadata metadata;
    private final Controller controller;
    private final ReentrantLock lock = new ReentrantLock();
    private long next;
    private long blockEnd;

    public ProducerIds(ClusterMetadata metadata, Controller controller) {
        this.metadata = metadata;
        this.controller = controller;
    }

    /** Empty when no block can be had. */
    OptionalLong take() {
        lock.lock();
        try {
            return next == blockEnd && !takeBlock() ? OptionalLong.empty() : OptionalLong.of(next++);
        } finally {
            lock.unlock();
        }
    }

    private boolean takeBlock() {
        long[] start = new long[1];
        Decision decision = metadata.decide((ClusterImage image) -> {
            start[0] = image.nextProducerId();
            return controller.allocateProducerIds(image);
        });
        if (decision.isRefused()) {
            return false;
        }
        next = start[0];
        blockEnd = next + Controller.PRODUCER_ID_BLOCK;
        return true;
    }
}
