package io.milena.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers the requests for one path. Any number of threads may ask at once. */
@FunctionalInterface
interface Page {
    /** @throws BadRequest if it cannot be answered as it is */
    Response answer(Request request) throws BadRequest, IOException;

    /**
     * An answer that is ready to be written.
     *
     * @param headers besides those that every answer has, and before them
     */
    record Response(int status, String contentType, Map<String, String> headers, Body body) {
        Response(int status, String contentType, Body body) {
            this(status, contentType, Map.of(), body);
        }

        static Response text(int status, String text) {
            return new Response(
                    status,
                    "text/plain; charset=utf-8",
                    out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
        }

        /** It was done, and there is nothing to say. */
        static Response done() {
            return new Response(204, "", out -> {});
        }

        /** Events, as they happen. What is wrong with the request must have been found before. */
        static Response events(EventStream.Source source) {
            return new Response(200, EventStream.CONTENT_TYPE, out -> EventStream.write(source, out));
        }

        boolean isStream() {
            return contentType.equals(EventStream.CONTENT_TYPE);
        }
    }

    /** Writes itself once. */
    @FunctionalInterface
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }
}
