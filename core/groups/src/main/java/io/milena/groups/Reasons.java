package io.milena.groups;

import org.jspecify.annotations.Nullable;

/** What clients give as a reason for joining (KIP-800) or leaving, for {@link Turn#note}. */
final class Reasons {
    private static final int LENGTH_MAX = 255;

    private Reasons() {}

    /** As it was given; empty when none was. */
    static String plain(@Nullable String reason) {
        return reason == null || reason.isBlank() ? "" : reason;
    }

    /** Ready to be appended; empty when none was given. */
    static String of(@Nullable String reason) {
        if (reason == null || reason.isBlank()) {
            return "";
        }
        return " (" + reason.substring(0, Math.min(reason.length(), LENGTH_MAX)) + ")";
    }
}
