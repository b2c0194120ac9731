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

/** Finds the page of a path. Templates have the form {@code /topics/{topic}}: a name in braces stands for one segment, whatever it is. Immutable once the listener has started. */
final class Router {
    private final Map<String, Map<String, Page>> pages = new LinkedHashMap<>();

    /**
     * What a path leads to.
     *
     * @param byMethod the pages, by the method that they answer
     */
    record Match(Map<String, Page> byMethod, Map<String, String> path, Map<String, String> query) {
        /** Null where this method is not answered; HEAD is as GET. */
        @Nullable
        Page page(String method) {
            return byMethod.get(method.equals("HEAD") ? "GET" : method);
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

    Router add(String method, String template, Page page) {
        pages.computeIfAbsent(template, path -> new LinkedHashMap<>()).put(method, page);
        return this;
    }

    /** All templates with the methods of each, in the order in which they were added. */
    List<String> templates() {
        return pages.entrySet().stream()
                .flatMap(page -> page.getValue().keySet().stream().map(method -> method + " " + page.getKey()))
                .toList();
    }

    /** @throws BadRequest if path or query are not encoded as they must be */
    Optional<Match> find(URI uri) throws BadRequest {
        String[] segments = uri.getRawPath().split("/", -1);
        for (Map.Entry<String, Map<String, Page>> page : pages.entrySet()) {
            Map<String, String> parts = match(page.getKey().split("/", -1), segments);
            if (parts != null) {
                return Optional.of(new Match(page.getValue(), parts, query(uri.getRawQuery())));
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

    private static Map<String, String> query(@Nullable String query) throws BadRequest {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : query == null ? List.<String>of() : List.of(query.split("&"))) {
            int equals = pair.indexOf('=');
            List<String> sides = new ArrayList<>();
            sides.add(decoded(equals < 0 ? pair : pair.substring(0, equals)));
            sides.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            values.putIfAbsent(sides.getFirst(), sides.getLast());
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
