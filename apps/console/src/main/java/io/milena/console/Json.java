package io.milena.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Answers as JSON. A document is made before its status is sent, so that what goes wrong on the way can still be said. */
final class Json {
    static final String CONTENT_TYPE = "application/json";
    static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Writes a whole document. */
    @FunctionalInterface
    interface Document {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static Page.Response answer(int status, Document document) throws IOException {
        byte[] bytes = bytes(document);
        return new Page.Response(status, CONTENT_TYPE, out -> out.write(bytes));
    }

    /** In UTF-8, on one line. */
    static byte[] bytes(Document document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            document.writeTo(json);
        }
        return bytes.toByteArray();
    }
}
