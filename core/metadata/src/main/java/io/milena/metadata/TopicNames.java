package io.milena.metadata;

import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which names a topic may have. */
public final class TopicNames {
    private static final int LENGTH_MAX = 249;
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");

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
        if (!LEGAL.matcher(name).matches()) {
            return "Topic name is invalid: '" + name
                    + "' contains characters other than ASCII letters, digits, '.', '_' and '-'";
        }
        return null;
    }

    /** A topic whose name differs only in '.' and '_', which metric names cannot tell apart; or null. */
    static @Nullable String collision(String name, Collection<ClusterImage.Topic> topics) {
        if (!name.contains(".") && !name.contains("_")) {
            return null;
        }
        String folded = name.replace('.', '_');
        return topics.stream()
                .map(ClusterImage.Topic::name)
                .filter(other -> other.replace('.', '_').equals(folded))
                .findFirst()
                .orElse(null);
    }
}
