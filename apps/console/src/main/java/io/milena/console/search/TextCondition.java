package io.milena.console.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must be true of a key, a value or the value of a header. None of it is true of one that is not there. */
public sealed interface TextCondition {
    boolean isTrueOf(ByteBuffer bytes);

    /** Bytes that a batch must have somewhere if this is to be true of one of its records; null where that says nothing. */
    default @Nullable Needle needle() {
        return null;
    }

    /** The text occurs; nothing but the same bytes if case counts. Of a text in ASCII the case of ASCII's letters is ignored, else that of all. */
    static TextCondition contains(String text, boolean isCaseIgnored) {
        Needle needle = Needle.of(text, isCaseIgnored);
        return needle == null ? new ContainsIgnoringCase(text.toLowerCase(Locale.ROOT)) : new Contains(needle);
    }

    static TextCondition is(String text, boolean isCaseIgnored) {
        return isCaseIgnored
                ? new IsIgnoringCase(text)
                : new Is(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Needle.of(text, false));
    }

    /** The pattern occurs. */
    static TextCondition matches(Pattern pattern) {
        return new Matches(pattern);
    }

    /** The bytes are JSON, and have that text at that place. */
    static TextCondition hasAt(JsonPath place) {
        return new HasAt(place);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** See {@link #contains}. */
    record Contains(Needle needle) implements TextCondition {
        @Override
        public boolean isTrueOf(ByteBuffer bytes) {
            return needle.isIn(bytes);
        }
    }

    /** See {@link #contains}. */
    record ContainsIgnoringCase(String lowerCase) implements TextCondition {
        @Override
        public boolean isTrueOf(ByteBuffer bytes) {
            return text(bytes).toLowerCase(Locale.ROOT).contains(lowerCase);
        }
    }

    /** See {@link #is}. */
    record Is(ByteBuffer wanted, @Nullable Needle needle) implements TextCondition {
        @Override
        public boolean isTrueOf(ByteBuffer bytes) {
            return bytes.equals(wanted);
        }
    }

    /** See {@link #is}. */
    record IsIgnoringCase(String wanted) implements TextCondition {
        @Override
        public boolean isTrueOf(ByteBuffer bytes) {
            return text(bytes).equalsIgnoreCase(wanted);
        }
    }

    /** See {@link #matches}. */
    record Matches(Pattern pattern) implements TextCondition {
        @Override
        public boolean isTrueOf(ByteBuffer bytes) {
            return pattern.matcher(text(bytes)).find();
        }
    }

    /** See {@link #hasAt}. */
    record HasAt(JsonPath place) implements TextCondition {
        @Override
        public boolean isTrueOf(ByteBuffer bytes) {
            return place.isTrueOf(bytes);
        }
    }
}
