package io.milena.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The hash by which Kafka's Java clients choose a partition for a key: MurmurHash2 (Austin Appleby, public domain), with their seed. */
public final class Murmur2 {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;

    private Murmur2() {}

    /** The partition of a key among {@code partitions}. */
    public static int partition(ByteBuffer key, int partitions) {
        return (hash(key) & Integer.MAX_VALUE) % partitions;
    }

    public static int hash(ByteBuffer key) {
        ByteBuffer in = key.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int hash = SEED ^ in.remaining();
        while (in.remaining() >= Integer.BYTES) {
            int block = in.getInt() * MULTIPLIER;
            hash = (hash * MULTIPLIER) ^ ((block ^ (block >>> 24)) * MULTIPLIER);
        }
        if (in.hasRemaining()) {
            int tail = 0;
            for (int shift = 0; in.hasRemaining(); shift += Byte.SIZE) {
                tail |= (in.get() & 0xff) << shift;
            }
            hash = (hash ^ tail) * MULTIPLIER;
        }
        hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
