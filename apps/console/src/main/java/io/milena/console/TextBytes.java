package io.milena.console;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing text, as UTF-8. What is written often (names, whole numbers) is written without an object in between. For one thread. */
final class TextBytes {
    private static final int FIRST = 256;
    private static final int DIGITS_MAX = 20;
    private static final int ASCII = 0x80;
    /** From here on a double has no room for every whole number. */
    private static final double WHOLE_MAX = 1L << 53;

    private byte[] bytes = new byte[FIRST];
    private int length;

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    /** Answers the place behind it. */
    int copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, length);
        return at + length;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** A character of ASCII. */
    TextBytes add(char each) {
        reserve(1);
        bytes[length++] = (byte) each;
        return this;
    }

    TextBytes add(String text) {
        return add(text, false);
    }

    /** Backslashes, quotes and ends of lines behind a backslash. */
    TextBytes escaped(String text) {
        return add(text, true);
    }

    private TextBytes add(String text, boolean isEscaped) {
        int begin = length;
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each >= ASCII || (isEscaped && isSpecial(each))) {
                length = begin;
                return add((isEscaped ? escape(text) : text).getBytes(StandardCharsets.UTF_8));
            }
            bytes[length++] = (byte) each;
        }
        return this;
    }

    private static boolean isSpecial(char each) {
        return each == '\\' || each == '"' || each == '\n';
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** What is encoded already. */
    TextBytes add(byte[] encoded) {
        reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
        return this;
    }

    TextBytes add(long number) {
        if (number < 0) {
            return add(Long.toString(number));
        }
        reserve(DIGITS_MAX);
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    TextBytes add(double number) {
        long whole = (long) number;
        if (whole == number && Math.abs(number) < WHOLE_MAX) {
            return add(whole);
        }
        if (Double.isInfinite(number)) {
            return add(number > 0 ? "+Inf" : "-Inf");
        }
        return add(Double.toString(number));
    }
}
