package io.milena.log.disk;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a machine can run out of and have again: an operation that fails for it has harmed nothing and may be tried later. Recognised by the operating system's message, which the
 * launcher asks for in English; in another language a shortage is taken for a broken disk, which is safe, but lasts until a restart.
 */
public enum Shortage {
    /** ENOSPC, EDQUOT. */
    SPACE("no space left on device", "disk quota exceeded"),
    /** EMFILE, ENFILE. */
    FILES("too many open files", "too many open files in system");

    private final String[] messages;

    Shortage(String... messages) {
        this.messages = messages;
    }

    /** What was short when {@code e} was thrown; null when it means something else. */
    public static @Nullable Shortage behind(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        for (Shortage shortage : values()) {
            for (String message : shortage.messages) {
                if (text.endsWith(message)) {
                    return shortage;
                }
            }
        }
        return null;
    }
}
