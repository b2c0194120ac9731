package io.milena.console;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the page of a path. Templates have the form {@code /topics/{topic}}: a name in braces stands for one segment, whatever it is. Whoever adds a page says which names there may be in its query: a misspelt one is an
 * error, not nothing. Immutable once the listener has started.
 */
final class Router {
    /** Stands for every name: the query is for others to read, or for nobody. */
    static final List<String> ANY_NAME = List.of("*");

    private final Map<String, Map<String, Route>> pages = new LinkedHashMap<>();

    /**
     * A page.
     *
     * @param names those that there may be in its query
     */
    private record Route(Page page, List<String> names) {}

    /**
     * What a path leads to.
     *
     * @param byMethod the pages, by the method that they answer
     * @param query the first value of each name
     * @param repeated the names that have more values
     */
    record Match(
            Map<String, Route> byMethod, Map<String, String> path, Map<String, String> query, List<String> repeated) {
        /** Null where this method is not answered. */
        @Nullable
        Page page(String method) {
            Route route = route(method);
            return route == null ? null : route.page;
        }

        /** HEAD is as GET. */
        private @Nullable Route route(String method) {
            return byMethod.get(method.equals("HEAD") ? "GET" : method);
        }

        /** @throws BadRequest unless each name in the query is one that the page of this method reads, and is there once */
        void checkQuery(String method) throws BadRequest {
            Route route = route(method);
            if (route == null || route.names.equals(ANY_NAME)) {
                return;
            }
            for (String name : query.keySet()) {
                if (!route.names.contains(name)) {
                    throw new BadRequest(
                            400,
                            "There is no query parameter " + name + " here; allowed are "
                                    + (route.names.isEmpty() ? "none" : String.join(", ", route.names)) + ".");
                }
            }
            if (!repeated.isEmpty()) {
                throw new BadRequest(400, "The query parameter " + repeated.getFirst() + " is there more than once.");
            }
        }

        /** As an Allow header says it. */
        String methods() {
            List<String> methods = new ArrayList<>(byMethod.keySet());
            if (byMethod.containsKey("GET")) {
                methods.add(1, "HEAD");
            }
            return String.join(", ", methods);
        }
    }

    /** A page that shows something. */
    Router add(String template, Page page) {
        return add("GET", template, page);
    }

    Router add(String template, Page page, List<String> names) {
        return add("GET", template, page, names);
    }

    Router add(String method, String template, Page page) {
        return add(method, template, page, List.of());
    }

    /** @param names those that there may be in the query */
    Router add(String method, String template, Page page, List<String> names) {
        pages.computeIfAbsent(template, path -> new LinkedHashMap<>()).put(method, new Route(page, names));
        return this;
    }

    /** All templates, each with its method before it, and the names that there may be in the query. */
    Map<String, List<String>> operations() {
        Map<String, List<String>> operations = new LinkedHashMap<>();
        pages.forEach((template, byMethod) ->
                byMethod.forEach((method, route) -> operations.put(method + " " + template, route.names)));
        return operations;
    }

    /** @throws BadRequest if path or query are not encoded as they must be */
    Optional<Match> find(URI uri) throws BadRequest {
        String[] segments = uri.getRawPath().split("/", -1);
        for (Map.Entry<String, Map<String, Route>> page : pages.entrySet()) {
            Map<String, String> parts = match(page.getKey().split("/", -1), segments);
            if (parts != null) {
                List<String> repeated = new ArrayList<>();
                Map<String, String> query = query(uri.getRawQuery(), repeated);
                return Optional.of(new Match(page.getValue(), parts, query, repeated));
            }
        }
        return Optional.empty();
    }

    private static @Nullable Map<String, String> match(String[] template, String[] segments) throws BadRequest {
        if (template.length != segments.length) {
            return null;
        }
        Map<String, String> parts = new LinkedHashMap<>();
        for (int i = 0; i < template.length; i++) {
            if (template[i].startsWith("{")) {
                // a plus is a plus in a path
                parts.put(template[i].substring(1, template[i].length() - 1), decoded(segments[i].replace("+", "%2B")));
            } else if (!template[i].equals(segments[i])) {
                return null;
            }
        }
        return parts;
    }

    private static Map<String, String> query(@Nullable String query, List<String> repeated) throws BadRequest {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : query == null ? List.<String>of() : List.of(query.split("&"))) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (!pair.isEmpty() && values.putIfAbsent(name, value) != null) {
                repeated.add(name);
            }
        }
        return values;
    }

    private static String decoded(String text) throws BadRequest {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequest(400, "The address is not encoded as it must be.");
        }
    }
}
