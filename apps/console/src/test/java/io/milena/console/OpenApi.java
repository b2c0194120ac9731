package io.milena.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        document.get("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    /** What is wrong with an answer; nothing if it is as described. */
    List<String> faults(String template, int status, JsonNode answer) {
        JsonNode response =
                document.at("/paths/" + template.replace("~", "~0").replace("/", "~1") + "/get/responses/" + status);
        if (response.isMissingNode()) {
            return List.of(template + " does not answer " + status);
        }
        List<String> faults = new ArrayList<>();
        check(response.at("/content/application~1json/schema"), answer, template, faults);
        return faults;
    }

    private void check(JsonNode schema, JsonNode value, String where, List<String> faults) {
        if (schema.has("$ref")) {
            check(document.at(schema.get("$ref").asText().substring(1)), value, where, faults);
            return;
        }
        List<String> types = new ArrayList<>();
        JsonNode type = schema.get("type");
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
                if (of == null) {
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
