package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** What is wrong, for programs (RFC 9457). */
final class Problem {
    private static final String CONTENT_TYPE = "application/problem+json";
    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(416, "Range Not Satisfiable"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"));

    private Problem() {}

    static Page.Response answer(BadRequest problem, Map<String, String> headers) throws IOException {
        byte[] bytes = Json.bytes(json -> write(problem, json));
        return new Page.Response(problem.status(), CONTENT_TYPE, headers, out -> out.write(bytes));
    }

    static void write(BadRequest problem, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "about:blank");
        json.writeStringField("title", TITLES.getOrDefault(problem.status(), "Error"));
        json.writeNumberField("status", problem.status());
        json.writeStringField("detail", problem.detail());
        if (problem.code() != null) {
            json.writeStringField("code", problem.code());
        }
        json.writeEndObject();
    }
}
