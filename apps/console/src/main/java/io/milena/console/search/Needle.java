package io.milena.console.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of bytes that is looked for (Horspool, 1980): at each place the byte under the end of the run tells how far it can be moved. Letters of ASCII may be of either case, if the run is so. Immutable.
 */
final class Needle {
    private static final int BYTES = 256;

    private final byte[] wanted;
    /** What each byte counts as: itself, or the small letter. */
    private final byte[] folded = new byte[BYTES];
    /** How far to move for each byte that may stand under the end; 0 for the end itself. */
    private final int[] moves = new int[BYTES];
    /** How far to move where the end is right and something before it is not. */
    private final int moveOfEnd;

    /** @param text at least one byte */
    Needle(byte[] text, boolean isCaseIgnored) {
        for (int each = 0; each < BYTES; each++) {
            folded[each] = (byte) (isCaseIgnored && each >= 'A' && each <= 'Z' ? each + 'a' - 'A' : each);
        }
        this.wanted = text.clone();
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = folded[wanted[i] & 0xff];
        }
        int last = wanted.length - 1;
        int[] byFolded = new int[BYTES];
        Arrays.fill(byFolded, wanted.length);
        for (int i = 0; i < last; i++) {
            byFolded[wanted[i] & 0xff] = last - i;
        }
        this.moveOfEnd = byFolded[wanted[last] & 0xff];
        byFolded[wanted[last] & 0xff] = 0;
        for (int each = 0; each < BYTES; each++) {
            moves[each] = byFolded[folded[each] & 0xff];
        }
    }

    /** Of a text in UTF-8; null where bytes cannot tell: of no text, and of one beyond ASCII whose case is ignored. */
    static @Nullable Needle of(String text, boolean isCaseIgnored) {
        boolean isTold = !text.isEmpty() && (!isCaseIgnored || text.chars().allMatch(each -> each < 0x80));
        return isTold ? new Needle(text.getBytes(StandardCharsets.UTF_8), isCaseIgnored) : null;
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
        int at = from + last;
        while (at < to) {
            int move = moves[bytes[at] & 0xff];
            if (move == 0) {
                if (matches(bytes, at - last)) {
                    return true;
                }
                move = moveOfEnd;
            }
            at += move;
        }
        return false;
    }

    private boolean matches(byte[] bytes, int at) {
        for (int i = 0; i < wanted.length - 1; i++) {
            if (folded[bytes[at + i] & 0xff] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
