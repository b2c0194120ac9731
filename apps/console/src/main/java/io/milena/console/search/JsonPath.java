package io.milena.console.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in a JSON text, as {@code $.customer.tags[0].name}, and what must stand there. Immutable. */
public final class JsonPath {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Names of fields, and numbers of items in brackets, from the outside in. */
    private final List<String> steps;

    private final String wanted;

    private JsonPath(List<String> steps, String wanted) {
        this.steps = steps;
        this.wanted = wanted;
    }

    /**
     * Of {@code path=text}.
     *
     * @throws IllegalArgumentException if it is not of that form; the message says why
     */
    public static JsonPath parse(String condition) {
        int equals = condition.indexOf('=');
        if (!condition.startsWith("$") || equals < 2) {
            throw new IllegalArgumentException("a condition on JSON has the form $.field.field[0]=text");
        }
        List<String> steps = new ArrayList<>();
        String rest = condition.substring(1, equals);
        while (!rest.isEmpty()) {
            int end = next(rest);
            String step = rest.substring(0, end);
            if (step.startsWith(".") && step.length() > 1) {
                steps.add(step.substring(1));
            } else if (step.matches("\\[\\d{1,9}]")) {
                steps.add(step);
            } else {
                throw new IllegalArgumentException(
                        "there is neither a field nor a number in brackets at '" + rest + "'");
            }
            rest = rest.substring(end);
        }
        return new JsonPath(List.copyOf(steps), condition.substring(equals + 1));
    }

    private static int next(String rest) {
        for (int i = 1; i < rest.length(); i++) {
            if (rest.charAt(i) == '.' || rest.charAt(i) == '[') {
                return i;
            }
        }
        return rest.length();
    }

    /** False where the bytes are not JSON, or have nothing at that place. */
    boolean isTrueOf(ByteBuffer bytes) {
        byte[] text = new byte[bytes.remaining()];
        bytes.duplicate().get(text);
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            for (String step : steps) {
                if (!enter(parser, step)) {
                    return false;
                }
            }
            return wanted.equals(scalar(parser));
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable String scalar(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return token != null && token.isScalarValue() ? parser.getText() : null;
    }

    /** Moves from the begin of a value to the begin of a part of it. */
    private static boolean enter(JsonParser parser, String step) throws IOException {
        if (step.startsWith("[")) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                return false;
            }
            int wantedIndex = Integer.parseInt(step.substring(1, step.length() - 1));
            for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                if (index == wantedIndex) {
                    return true;
                }
                parser.skipChildren();
            }
            return false;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean isWanted = step.equals(parser.currentName());
            parser.nextToken();
            if (isWanted) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
