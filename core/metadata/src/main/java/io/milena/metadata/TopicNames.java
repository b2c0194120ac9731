package io.milena.metadata;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Which names a topic may have. */
public final class TopicNames {
    private static final int LENGTH_MAX = 249;

    private TopicNames() {}

    /** Why a name is not allowed, or null when it is. */
    public static @Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "Topic name is invalid: the empty string is not allowed";
        }
        if (name.equals(".") || name.equals("..")) {
            return "Topic name is invalid: '" + name + "' is not allowed";
        }
        if (name.length() > LENGTH_MAX) {
            return "Topic name is invalid: the length of '" + name + "' is longer than " + LENGTH_MAX;
        }
        if (!name.chars().allMatch(TopicNames::isLegal)) {
            return "Topic name is invalid: '" + name
                    + "' contains characters other than ASCII letters, digits, '.', '_' and '-'";
        }
        return null;
    }

    private static boolean isLegal(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** A topic whose name differs only in '.' and '_', which metric names cannot tell apart; or null. */
    static @Nullable String collision(String name, ClusterImage image) {
        int sameLength = firstSeparator(name);
        if (sameLength == name.length()) {
            return null;
        }
        String same = name.substring(0, sameLength);
        String folded = folded(name);
        for (Iterator<ClusterImage.Topic> topics = image.topicsFrom(same); topics.hasNext(); ) {
            String other = topics.next().name();
            if (!other.startsWith(same)) {
                return null;
            }
            if (folded(other).equals(folded)) {
                return other;
            }
        }
        return null;
    }

    private static int firstSeparator(String name) {
        for (int at = 0; at < name.length(); at++) {
            if (name.charAt(at) == '.' || name.charAt(at) == '_') {
                return at;
            }
        }
        return name.length();
    }

    private static String folded(String name) {
        return name.replace('.', '_');
    }
}
