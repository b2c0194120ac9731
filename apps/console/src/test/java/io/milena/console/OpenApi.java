package io.milena.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The description of the API, and whether an answer is what it describes. */
final class OpenApi {
    private final JsonNode document;

    private OpenApi(JsonNode document) {
        this.document = document;
    }

    static OpenApi parse(String text) throws IOException {
        return new OpenApi(new ObjectMapper().readTree(text));
    }

    /** Each with its method, and the names that there may be in its query. */
    Map<String, Set<String>> operations() {
        Map<String, Set<String>> operations = new TreeMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                query(method.getValue()))));
        return operations;
    }

    private static Set<String> query(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.get("in").asText().equals("query")) {
                names.add(parameter.get("name").asText());
            }
        }
        return names;
    }

    private JsonNode response(String method, String template, int status) {
        return document.at("/paths/" + template.replace("~", "~0").replace("/", "~1") + "/"
                + method.toLowerCase(Locale.ROOT) + "/responses/" + status);
    }

    /** What is wrong with an answer; nothing if it is as described. An answer without a body is a missing node. */
    List<String> faults(String method, String template, int status, JsonNode answer) {
        JsonNode response = response(method, template, status);
        if (response.isMissingNode()) {
            return List.of(method + " " + template + " does not answer " + status);
        }
        JsonNode content = response.path("content");
        if (answer.isMissingNode()) {
            return content.isMissingNode() ? List.of() : List.of(template + " answers nothing");
        }
        List<String> faults = new ArrayList<>();
        JsonNode body = content.path(status < 400 ? "application/json" : "application/problem+json");
        check(body.path("schema"), answer, template, faults);
        return faults;
    }

    /** The same for the data of one event of a stream. */
    List<String> eventFaults(String method, String template, String event, JsonNode data) {
        JsonNode schema = response(method, template, 200)
                .path("content")
                .path("text/event-stream")
                .path("x-events")
                .path(event);
        if (schema.isMissingNode()) {
            return List.of(template + " has no event " + event);
        }
        List<String> faults = new ArrayList<>();
        check(schema, data, template + " " + event, faults);
        return faults;
    }

    private void check(JsonNode schema, JsonNode value, String where, List<String> faults) {
        if (schema.has("$ref")) {
            check(document.at(schema.get("$ref").asText().substring(1)), value, where, faults);
            return;
        }
        List<String> types = new ArrayList<>();
        JsonNode type = schema.path("type");
        if (type.isMissingNode()) {
            return; // anything
        }
        if (type.isArray()) {
            type.forEach(each -> types.add(each.asText()));
        } else {
            types.add(type.asText());
        }
        if (types.stream().noneMatch(each -> isOf(each, value))) {
            faults.add(where + " is no " + types + ": " + value);
        }
        if (value.isArray()) {
            for (JsonNode item : value) {
                check(schema.get("items"), item, where + "[]", faults);
            }
        }
        if (value.isObject()) {
            schema.path("required").forEach(name -> {
                if (!value.has(name.asText())) {
                    faults.add(where + " lacks " + name.asText());
                }
            });
            value.properties().forEach(field -> {
                JsonNode of = schema.path("properties").get(field.getKey());
                if (of == null && schema.path("additionalProperties").isObject()) {
                    check(schema.get("additionalProperties"), field.getValue(), where + "." + field.getKey(), faults);
                } else if (of == null) {
                    faults.add(where + " has " + field.getKey());
                } else {
                    check(of, field.getValue(), where + "." + field.getKey(), faults);
                }
            });
        }
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "null" -> value.isNull();
            default -> throw new IllegalArgumentException(type);
        };
    }
}
