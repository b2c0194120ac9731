package io.milena.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Answers the requests for one path. Any number of threads may ask at once. */
@FunctionalInterface
interface Page {
    /** @throws BadRequest if it cannot be answered as it is */
    Response answer(Request request) throws BadRequest, IOException;

    /** An answer that is ready to be written. */
    record Response(int status, String contentType, Body body) {
        static Response text(int status, String text) {
            return new Response(
                    status,
                    "text/plain; charset=utf-8",
                    out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Writes itself once. */
    @FunctionalInterface
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }
}
