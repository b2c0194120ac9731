package io.milena.log;

/** How files are named after offsets: 20 digits, so that names sort as offsets do. */
final class FileNames {
    private static final int DIGITS = 20;

    private FileNames() {}

    static String ofOffset(long offset) {
        String digits = Long.toString(offset);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** The offset in a name of 20 digits and {@code ending}, or -1 when it is another name. */
    static long offset(String name, String ending) {
        if (name.length() != DIGITS + ending.length() || !name.endsWith(ending)) {
            return -1;
        }
        for (int i = 0; i < DIGITS; i++) {
            if (!isDigit(name.charAt(i))) {
                return -1;
            }
        }
        return Long.parseLong(name, 0, DIGITS, 10);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
