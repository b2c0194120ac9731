package io.milena.testkit;

import java.util.List;
import java.util.random.RandomGenerator;

/** Values that tests draw from a seed, with a liking for the edges where errors live. */
public final class Arbitrary {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.äßλ漢😀";

    private Arbitrary() {}

    /** {@code length} random bytes. */
    public static byte[] bytes(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A size from 0 to {@code max}, often 0, 1, {@code max} or small, seldom evenly spread. */
    public static int size(RandomGenerator random, int max) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Math.min(1, max);
            case 2 -> max;
            case 3, 4 -> random.nextInt(Math.min(16, max) + 1);
            default -> random.nextInt(max + 1);
        };
    }

    /** A text of up to {@code lengthMax} characters, some of which take several bytes in UTF-8. */
    public static String text(RandomGenerator random, int lengthMax) {
        int[] letters = LETTERS.codePoints().toArray();
        int length = size(random, lengthMax);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            String next = Character.toString(letters[random.nextInt(letters.length)]);
            if (text.length() + next.length() > length) {
                break;
            }
            text.append(next);
        }
        return text.toString();
    }

    /** A name of 1 to 16 letters, digits and dots, as for topics. */
    public static String name(RandomGenerator random) {
        StringBuilder name = new StringBuilder();
        int length = 1 + random.nextInt(16);
        for (int i = 0; i < length; i++) {
            name.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
        }
        return name.toString();
    }

    /** A number that is often near zero, a power of two or an end of the range. */
    public static long number(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong(-3, 4);
            case 1 -> (1L << random.nextInt(63)) + random.nextLong(-1, 2);
            case 2 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
            case 3 -> random.nextInt();
            default -> random.nextLong();
        };
    }

    /** One of {@code values}. */
    public static <T> T oneOf(RandomGenerator random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
