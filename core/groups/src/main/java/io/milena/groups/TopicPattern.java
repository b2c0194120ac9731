package io.milena.groups;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that clients send to subscribe to all topics whose whole names match. It comes from outside, and Java's engine may take exponential time: so its length is bounded, and so is how
 * often it may look at a character.
 */
final class TopicPattern {
    static final int LENGTH_MAX = 1_000;
    private static final int LOOKS_MAX_AT_NAME = 100_000;

    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Null if it is none, or too long. */
    static @Nullable TopicPattern of(String regex) {
        if (regex.length() > LENGTH_MAX) {
            return null;
        }
        try {
            return new TopicPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    /** The names that match; null if that is too costly to find out. */
    @Nullable
    SortedSet<String> matching(Iterable<String> names) {
        SortedSet<String> matching = new TreeSet<>();
        try {
            for (String name : names) {
                if (pattern.matcher(new BoundedName(name)).matches()) {
                    matching.add(name);
                }
            }
        } catch (TooCostlyException e) {
            return null;
        }
        return Collections.unmodifiableSortedSet(matching);
    }

    /** Ends an evaluation from within. */
    private static final class TooCostlyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooCostlyException() {
            super("the expression looks too often at the characters of a name", null, false, false);
        }
    }

    /** A name that counts how often it is looked at. */
    private static final class BoundedName implements CharSequence {
        private final String name;
        private int looks;

        BoundedName(String name) {
            this.name = name;
        }

        @Override
        public char charAt(int index) {
            if (++looks > LOOKS_MAX_AT_NAME) {
                throw new TooCostlyException();
            }
            return name.charAt(index);
        }

        @Override
        public int length() {
            return name.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return name.subSequence(start, end);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
