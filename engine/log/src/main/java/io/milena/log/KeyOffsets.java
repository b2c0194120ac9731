package io.milena.log;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The latest offset of each key, in an array of fixed size: what a compaction knows about the dirty part of a log. Instead of keys it holds their 128-bit hashes, under
 * a secret of each map's own, so that two keys are taken for one only by a chance of less than 10^-20 in a billion keys. For one thread.
 *
 * <pre>
 * entry: int64 hash, int64 hash, int64 offset + 1 (0: free)      at the first free place from the one that the hash names (linear probing)
 * </pre>
 */
final class KeyOffsets {
    static final int ENTRY_BYTES = 24;
    static final long UNKNOWN = -1;

    private static final int ENTRY_LONGS = 3;
    private static final double LOAD_MAX = 0.9;
    private static final int PLACES_MAX = (Integer.MAX_VALUE - 8) / ENTRY_LONGS;

    private final SipHash hash;
    private final long[] entries;
    private final int places;
    private final int sizeMax;
    private int size;

    /**
     * @param bytesMax the most that the map takes
     * @param keysMax how many keys can come at most; fewer than would fit make a smaller map
     */
    KeyOffsets(long bytesMax, long keysMax, RandomGenerator random) {
        long wanted = Math.min(bytesMax / ENTRY_BYTES, (long) Math.min(keysMax / LOAD_MAX + 2, PLACES_MAX));
        this.places = Math.clamp(wanted, 2, PLACES_MAX);
        this.sizeMax = (int) (places * LOAD_MAX);
        this.entries = new long[places * ENTRY_LONGS];
        this.hash = new SipHash(random.nextLong(), random.nextLong());
    }

    int size() {
        return size;
    }

    /** Notes that the key occurs at an offset, which is above all noted before; false, with nothing changed, if the key is new and the map is full. */
    boolean put(ByteBuffer key, long offset) {
        int at = placeOf(key);
        if (entries[at + 2] == 0) {
            if (size == sizeMax) {
                return false;
            }
            size++;
            entries[at] = hash.first();
            entries[at + 1] = hash.second();
        }
        entries[at + 2] = offset + 1;
        return true;
    }

    /** The latest offset of a key, or {@link #UNKNOWN}. */
    long latest(ByteBuffer key) {
        return entries[placeOf(key) + 2] - 1;
    }

    /** Where the key's entry is, or would be; there is always a free one. */
    private int placeOf(ByteBuffer key) {
        hash.hash(key);
        int place = (int) Math.unsignedMultiplyHigh(hash.first(), places);
        while (true) {
            int at = place * ENTRY_LONGS;
            boolean isHere = entries[at] == hash.first() && entries[at + 1] == hash.second();
            if (isHere || entries[at + 2] == 0) {
                return at;
            }
            place = place + 1 == places ? 0 : place + 1;
        }
    }
}
