package io.milena.console;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a page is asked for. */
final class Request {
    private final Map<String, String> path;
    private final Map<String, String> query;
    private final Headers headers;
    private final byte[] body;

    /**
     * @param path the parts of the path that its template names
     * @param query the first value of each name
     */
    Request(Map<String, String> path, Map<String, String> query, Headers headers, byte[] body) {
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    /** Those that pages look at; empty where there is none. */
    record Headers(String accept, String lastEventId) {
        static final Headers NONE = new Headers("", "");
    }

    /** A part of the path that its template names. */
    String part(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the template of this page has no " + name);
        }
        return value;
    }

    String accept() {
        return headers.accept;
    }

    /** Of the last event that the reader had before its connection broke; empty where there is none. */
    String lastEventId() {
        return headers.lastEventId;
    }

    /** Null where there is none, or nothing in it. */
    @Nullable
    String query(String name) {
        String value = query.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    boolean isOn(String name) throws BadRequest {
        String text = query.get(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.isEmpty() || text.equals("true")) {
            return true;
        }
        throw new BadRequest(400, name + " must be true or false");
    }

    /**
     * A number of the query.
     *
     * @throws BadRequest if it is none, or outside of the bounds
     */
    long number(String name, long ifAbsent, long min, long max) throws BadRequest {
        String text = query(name);
        return text == null ? ifAbsent : number(name, text, min, max);
    }

    /** A number in the path; fails as {@link #number(String, long, long, long)}. */
    long numberPart(String name, long min, long max) throws BadRequest {
        return number(name, part(name), min, max);
    }

    /** What lies between commas; empty where there is nothing. */
    List<String> list(String name) {
        String text = query(name);
        return text == null
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    /** The body, a JSON object. */
    Fields body() throws BadRequest {
        return Fields.parse(body);
    }

    static long number(String name, String text, long min, long max) throws BadRequest {
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
