package io.milena.console.search;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A run of bytes that is looked for (Horspool, 1980): at each place the byte under the end of the run tells how far it can be moved. Immutable. */
final class Needle {
    private static final int BYTES = 256;

    private final byte[] wanted;
    /** How far to move for each byte that may stand under the end. */
    private final int[] moves = new int[BYTES];

    /** @param wanted at least one byte */
    Needle(byte[] wanted) {
        if (wanted.length == 0) {
            throw new IllegalArgumentException("nothing to look for");
        }
        this.wanted = wanted.clone();
        Arrays.fill(moves, wanted.length);
        for (int i = 0; i < wanted.length - 1; i++) {
            moves[wanted[i] & 0xff] = wanted.length - 1 - i;
        }
    }

    /** Whether the run is between the buffer's position and limit, which do not move. */
    boolean isIn(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + bytes.position();
            return isIn(bytes.array(), from, from + bytes.remaining());
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return isIn(copy, 0, copy.length);
    }

    private boolean isIn(byte[] bytes, int from, int to) {
        int last = wanted.length - 1;
        byte end = wanted[last];
        int at = from + last;
        while (at < to) {
            byte here = bytes[at];
            if (here == end && matches(bytes, at - last)) {
                return true;
            }
            at += moves[here & 0xff];
        }
        return false;
    }

    private boolean matches(byte[] bytes, int at) {
        for (int i = 0; i < wanted.length - 1; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
