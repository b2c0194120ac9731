package io.milena.quorum;

import java.nio.ByteBuffer;
import java.util.List;

/** A quorum of one: the node leads for ever, in one epoch. */
record SoleNode(Peer self, int epoch) {
    /** Where nobody asks who leads. */
    static final Peer UNNAMED = new Peer(0, "localhost", 0);

    Leadership leadership() {
        return new Leadership(epoch, self.id());
    }

    void checkLeads(int expectedEpoch) throws NotLeadingException {
        if (expectedEpoch != epoch) {
            throw new NotLeadingException(expectedEpoch, leadership());
        }
    }

    static void checkIsEnd(long offset, long endOffset) {
        if (offset != endOffset) {
            throw new IllegalArgumentException(
                    "a snapshot for offset " + offset + " of a log that ends at " + endOffset);
        }
    }

    Quorum quorum(long endOffset, long nowMs) {
        return new Quorum(
                leadership(), endOffset, List.of(new Quorum.Replica(self, endOffset, nowMs, nowMs)), List.of());
    }

    /** The listener's own to keep, whatever the caller does with its buffers. */
    static List<ByteBuffer> copies(List<ByteBuffer> records) {
        return records.stream()
                .map(record -> ByteBuffer.allocate(record.remaining())
                        .put(record.duplicate())
                        .flip())
                .toList();
    }
}
