package io.milena.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * An immutable sorted set of longs in pieces of up to 256: eight bytes a member and little more, and a change copies the pieces that it touches and nothing else.
 */
final class KeySet {
    static final KeySet EMPTY = new KeySet(new long[0][], 0);

    private static final int PIECE_MAX = 256;

    /** None is empty; all of one are less than all of the next. */
    private final long[][] pieces;

    private final int size;

    private KeySet(long[][] pieces, int size) {
        this.pieces = pieces;
        this.size = size;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void forEach(LongConsumer action) {
        for (long[] piece : pieces) {
            for (long key : piece) {
                action.accept(key);
            }
        }
    }

    /**
     * @param added sorted; those that are there already stay
     * @param removed sorted; those that are not there do not matter
     */
    KeySet with(long[] added, long[] removed) {
        if (added.length == 0 && removed.length == 0) {
            return this;
        }
        List<long[]> next = new ArrayList<>(pieces.length + 1);
        int fromAdded = 0;
        int fromRemoved = 0;
        for (int i = 0; i < Math.max(1, pieces.length); i++) {
            long[] piece = pieces.length == 0 ? new long[0] : pieces[i];
            boolean isLast = i + 1 >= pieces.length;
            int toAdded = isLast ? added.length : firstNotBelow(added, fromAdded, pieces[i + 1][0]);
            int toRemoved = isLast ? removed.length : firstNotBelow(removed, fromRemoved, pieces[i + 1][0]);
            if (toAdded == fromAdded && toRemoved == fromRemoved) {
                next.add(piece);
            } else {
                long[] merged = merged(
                        piece,
                        Arrays.copyOfRange(added, fromAdded, toAdded),
                        Arrays.copyOfRange(removed, fromRemoved, toRemoved));
                append(next, merged);
            }
            fromAdded = toAdded;
            fromRemoved = toRemoved;
        }
        int count = 0;
        for (long[] piece : next) {
            count += piece.length;
        }
        return count == 0 ? EMPTY : new KeySet(next.toArray(long[][]::new), count);
    }

    private static int firstNotBelow(long[] keys, int from, long bound) {
        int found = Arrays.binarySearch(keys, from, keys.length, bound);
        return found < 0 ? -found - 1 : found;
    }

    private static long[] merged(long[] present, long[] added, long[] removed) {
        long[] all = new long[present.length + added.length];
        System.arraycopy(present, 0, all, 0, present.length);
        System.arraycopy(added, 0, all, present.length, added.length);
        Arrays.sort(all);
        int count = 0;
        for (int i = 0; i < all.length; i++) {
            boolean isTwice = i > 0 && all[i] == all[i - 1];
            if (!isTwice && Arrays.binarySearch(removed, all[i]) < 0) {
                all[count++] = all[i];
            }
        }
        return Arrays.copyOf(all, count);
    }

    /** Cuts what has become too long into equal pieces; joins what has become short with the piece before. */
    private static void append(List<long[]> pieces, long[] keys) {
        if (keys.length == 0) {
            return;
        }
        if (!pieces.isEmpty() && pieces.getLast().length + keys.length <= PIECE_MAX / 2) {
            long[] before = pieces.removeLast();
            long[] joined = Arrays.copyOf(before, before.length + keys.length);
            System.arraycopy(keys, 0, joined, before.length, keys.length);
            pieces.add(joined);
            return;
        }
        int parts = (keys.length + PIECE_MAX - 1) / PIECE_MAX;
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) keys.length * part / parts);
            int to = (int) ((long) keys.length * (part + 1) / parts);
            pieces.add(Arrays.copyOfRange(keys, from, to));
        }
    }
}
