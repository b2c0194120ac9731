package io.milena.broker.transactions;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AllocateProducerIdsRequest;
import io.milena.protocol.message.AllocateProducerIdsResponse;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/** Numbers that no other producer has, from blocks that the controller hands out. Safe for use by many threads. */
public final class ProducerIds {
    private final ClusterMetadata metadata;
    private final Controller controller;
    private final ControllerLink link;
    private final ReentrantLock lock = new ReentrantLock();
    private long next;
    private long blockEnd;

    /** @param link to the active controller, where that is not here */
    public ProducerIds(ClusterMetadata metadata, Controller controller, ControllerLink link) {
        this.metadata = metadata;
        this.controller = controller;
        this.link = link;
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
        return metadata.isLeading() ? decideBlock() : askForBlock();
    }

    private boolean askForBlock() {
        try {
            AllocateProducerIdsResponse block =
                    link.ask(AllocateProducerIdsRequest.builder().build(), 0, AllocateProducerIdsResponse.class);
            if (block.errorCode() != ErrorCode.NONE.code()) {
                return false;
            }
            next = block.producerIdStart();
            blockEnd = next + block.producerIdLen();
            return true;
        } catch (IOException e) {
            return false; // the producer tries again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean decideBlock() {
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
