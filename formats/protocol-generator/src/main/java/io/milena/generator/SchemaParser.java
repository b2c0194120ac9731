package io.milena.generator;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one schema file: JSON with comments. */
final class SchemaParser {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    private final Map<String, Struct> structs = new LinkedHashMap<>();

    private SchemaParser() {}

    static Schema parse(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("cannot understand " + file + ": " + e.getMessage(), e);
        }
    }

    static Schema parse(String json) throws IOException {
        return new SchemaParser().schema(JSON.readTree(json));
    }

    private Schema schema(JsonNode node) {
        Versions valid = Versions.parse(node.get("validVersions").asText());
        for (JsonNode common : node.path("commonStructs")) {
            add(
                    common.get("name").asText(),
                    Versions.parse(common.get("versions").asText()),
                    common);
        }
        List<Field> fields = fields(node.path("fields"));
        requireStructs(fields);
        structs.values().forEach(struct -> requireStructs(struct.fields()));
        return new Schema(
                Schema.Kind.valueOf(
                        node.get("type").asText().toUpperCase(Locale.ROOT).replace('-', '_')),
                node.path("apiKey").asInt(-1),
                valid,
                Versions.parse(node.path("flexibleVersions").asText("none")),
                node.path("latestVersionUnstable").asBoolean(false),
                new Struct(node.get("name").asText(), valid, fields),
                List.copyOf(structs.values()));
    }

    private void add(String name, Versions versions, JsonNode node) {
        List<Field> fields = fields(node.path("fields"));
        if (structs.put(name, new Struct(name, versions, fields)) != null) {
            throw new IllegalArgumentException("two structs named " + name);
        }
    }

    /** A name that is neither a type nor a struct may be a type that this generator does not know. */
    private void requireStructs(List<Field> fields) {
        for (Field field : fields) {
            FieldType type = field.type() instanceof FieldType.Array array ? array.element() : field.type();
            if (!(type instanceof FieldType.Scalar)
                    && !(type instanceof FieldType.Nested(String struct) && structs.containsKey(struct))) {
                throw new IllegalArgumentException(field.name() + " is of an unknown type " + type);
            }
        }
    }

    private List<Field> fields(JsonNode nodes) {
        List<Field> fields = new ArrayList<>();
        for (JsonNode node : nodes) {
            fields.add(field(node));
        }
        return fields;
    }

    private Field field(JsonNode node) {
        String name = node.get("name").asText();
        FieldType type = FieldType.parse(node.get("type").asText());
        Versions tagged = Versions.parse(node.path("taggedVersions").asText("none"));
        Versions versions =
                node.has("versions") ? Versions.parse(node.get("versions").asText()) : tagged;
        if (!tagged.isEmpty() && !tagged.equals(versions)) {
            throw new IllegalArgumentException(name + " is a tagged field in some of its versions only");
        }
        if (node.has("fields")) {
            FieldType element = type instanceof FieldType.Array array ? array.element() : type;
            add(((FieldType.Nested) element).struct(), versions, node);
        }
        return new Field(
                name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1),
                type,
                versions,
                Versions.parse(node.path("nullableVersions").asText("none")),
                tagged,
                node.path("tag").asInt(-1),
                // A bare null says nothing: only the text "null" makes null the default.
                node.hasNonNull("default") ? node.get("default").asText() : null,
                node.path("ignorable").asBoolean(false),
                node.path("flexibleVersions").asText("").equals("none"));
    }
}
