package io.milena.generator;

/** A range of versions, both ends included; empty when {@code low > high}. Written in schemas as {@code 3}, {@code 3-5}, {@code 3+} or {@code none}. */
record Versions(int low, int high) {
    static final Versions NONE = new Versions(0, -1);
    private static final int OPEN = Short.MAX_VALUE;

    static Versions parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.endsWith("+")) {
            return new Versions(Integer.parseInt(text.substring(0, text.length() - 1)), OPEN);
        }
        int dash = text.indexOf('-');
        if (dash < 0) {
            return new Versions(Integer.parseInt(text), Integer.parseInt(text));
        }
        return new Versions(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    boolean isEmpty() {
        return low > high;
    }

    Versions intersect(Versions other) {
        return new Versions(Math.max(low, other.low), Math.min(high, other.high));
    }

    boolean contains(Versions other) {
        return other.isEmpty() || (low <= other.low && other.high <= high);
    }

    /** The Java condition by which a {@code version} within {@code known} is recognised as one of these. */
    String condition(Versions known) {
        Versions common = intersect(known);
        if (common.isEmpty()) {
            return "false";
        }
        if (common.contains(known)) {
            return "true";
        }
        if (common.high == known.high) {
            return "version_ >= " + common.low;
        }
        if (common.low == known.low) {
            return "version_ <= " + common.high;
        }
        return common.low == common.high
                ? "version_ == " + common.low
                : "version_ >= " + common.low + " && version_ <= " + common.high;
    }
}
