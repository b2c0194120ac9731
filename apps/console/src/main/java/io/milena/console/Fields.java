package io.milena.console;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was sent, and where in the body it stands, so that what is wrong can be named. Whoever reads it says first which fields there may be: a misspelt one is an error, not nothing. Values are {@code
 * Map}, {@code List}, {@code String}, {@code Long}, {@code BigInteger}, {@code BigDecimal}, {@code Boolean} or null.
 */
final class Fields {
    private final String where;
    private final Map<String, @Nullable Object> values;

    private Fields(String where, Map<String, @Nullable Object> values) {
        this.where = where;
        this.values = values;
    }

    /** @throws BadRequest unless it is one object, well-formed; an empty body counts as one without fields */
    static Fields parse(byte[] body) throws BadRequest {
        if (body.length == 0) {
            return new Fields("", Map.of());
        }
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new BadRequest(400, "The body must be one JSON object; there is more behind it.");
            }
            return new Fields("", object("The body", value));
        } catch (JsonProcessingException e) {
            throw new BadRequest(
                    400,
                    "The body is not JSON: " + e.getOriginalMessage().replaceAll(" \\(start marker at .*", "")
                            + " (line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")");
        } catch (IOException e) {
            throw new BadRequest(400, "The body is not JSON: " + e.getMessage());
        }
    }

    /** The parser bounds the depth ({@link StreamReadConstraints}). */
    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? parser.getBigIntegerValue()
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue(); // a double would lose digits of what somebody sends on
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("it ends too early");
        };
    }

    @SuppressWarnings("unchecked") // made by value() alone
    private static Map<String, @Nullable Object> object(String name, @Nullable Object value) throws BadRequest {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new BadRequest(400, name + " must be a JSON object.");
    }

    /** @throws BadRequest if there is a field of another name */
    Fields only(String... names) throws BadRequest {
        Set<String> allowed = new LinkedHashSet<>(List.of(names));
        for (String name : values.keySet()) {
            if (!allowed.contains(name)) {
                throw new BadRequest(
                        400,
                        "There is no field " + path(name) + "; allowed are "
                                + (allowed.isEmpty() ? "none" : String.join(", ", allowed)) + ".");
            }
        }
        return this;
    }

    String path(String name) {
        return where.isEmpty() ? name : where + "." + name;
    }

    Set<String> names() {
        return values.keySet();
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    /** As it was sent. */
    @Nullable
    Object raw(String name) {
        return values.get(name);
    }

    @Nullable
    String text(String name) throws BadRequest {
        return switch (values.get(name)) {
            case null -> null;
            case String text -> text;
            default -> throw new BadRequest(400, path(name) + " must be a text.");
        };
    }

    String textNeeded(String name) throws BadRequest {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw new BadRequest(400, path(name) + " is missing.");
        }
        return text;
    }

    boolean isOn(String name) throws BadRequest {
        return switch (values.get(name)) {
            case null -> false;
            case Boolean value -> value;
            default -> throw new BadRequest(400, path(name) + " must be true or false.");
        };
    }

    long number(String name, long ifAbsent, long min, long max) throws BadRequest {
        return switch (values.get(name)) {
            case null -> ifAbsent;
            case Long value when value >= min && value <= max -> value;
            default ->
                throw new BadRequest(400, path(name) + " must be a whole number from " + min + " to " + max + ".");
        };
    }

    long numberNeeded(String name, long min, long max) throws BadRequest {
        if (!has(name)) {
            throw new BadRequest(400, path(name) + " is missing: a whole number from " + min + " to " + max + ".");
        }
        return number(name, min, min, max);
    }

    /** Null where there is none. */
    @Nullable
    Fields object(String name) throws BadRequest {
        Object value = values.get(name);
        return value == null ? null : new Fields(path(name), object(path(name), value));
    }

    /** Empty where there is none. */
    List<Fields> objects(String name) throws BadRequest {
        List<Fields> objects = new ArrayList<>();
        List<?> list = list(name);
        for (int i = 0; i < list.size(); i++) {
            String at = path(name) + "[" + i + "]";
            objects.add(new Fields(at, object(at, list.get(i))));
        }
        return objects;
    }

    /** Empty where there is none. */
    List<String> texts(String name) throws BadRequest {
        List<String> texts = new ArrayList<>();
        for (Object value : list(name)) {
            if (!(value instanceof String text)) {
                throw new BadRequest(400, path(name) + " must be an array of texts.");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Empty where there is none; numbers from 0 on. */
    List<Integer> indexes(String name) throws BadRequest {
        List<Integer> indexes = new ArrayList<>();
        for (Object value : list(name)) {
            if (!(value instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
                throw new BadRequest(400, path(name) + " must be an array of whole numbers from 0 on.");
            }
            indexes.add(number.intValue());
        }
        return indexes;
    }

    private List<?> list(String name) throws BadRequest {
        return switch (values.get(name)) {
            case null -> List.of();
            case List<?> list -> list;
            default -> throw new BadRequest(400, path(name) + " must be an array.");
        };
    }

    /** Where it stands in the body. */
    String where() {
        return where;
    }
}
