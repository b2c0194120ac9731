package io.milena.console;

import java.io.IOException;
import java.io.InputStream;

/** A file that is part of the program. */
record Resource(String name, String contentType) implements Page {
    @Override
    public Response answer(Request request) throws IOException {
        try (InputStream file = Resource.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the program has no file " + name);
            }
            byte[] bytes = file.readAllBytes();
            return new Response(200, contentType, out -> out.write(bytes));
        }
    }
}
