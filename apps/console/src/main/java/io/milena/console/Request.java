package io.milena.console;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a page is asked for.
 *
 * @param path the parts of the path that its template names
 * @param query the first value of each name
 * @param accept the Accept header; empty where there is none
 */
record Request(Map<String, String> path, Map<String, String> query, String accept) {
    /** A part of the path that its template names. */
    String part(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the template of this page has no " + name);
        }
        return value;
    }

    @Nullable
    String query(String name) {
        return query.get(name);
    }

    /**
     * A number of the query.
     *
     * @throws BadRequest if it is none, or outside of the bounds
     */
    long number(String name, long ifAbsent, long min, long max) throws BadRequest {
        String text = query.get(name);
        return text == null ? ifAbsent : number(name, text, min, max);
    }

    /** A number in the path; fails as {@link #number(String, long, long, long)}. */
    long numberPart(String name, long min, long max) throws BadRequest {
        return number(name, part(name), min, max);
    }

    private static long number(String name, String text, long min, long max) throws BadRequest {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new BadRequest(400, name + " must be a whole number from " + min + " to " + max);
    }
}
