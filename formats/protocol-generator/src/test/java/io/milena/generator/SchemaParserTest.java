package io.milena.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaParserTest {
    static final String GREETING = """
            // A comment before the message
            {
              "apiKey": 77, "type": "request", "name": "GreetingRequest",
              "validVersions": "1-4", "flexibleVersions": "3+", "latestVersionUnstable": true,
              "fields": [ // and one within
                { "name": "Greeting", "type": "string", "versions": "1+", "default": "hello" },
                { "name": "Volume", "type": "int16", "versions": "2+", "default": "0x10", "ignorable": true },
                { "name": "Guests", "type": "[]Guest", "versions": "1+", "nullableVersions": "2+", "fields": [
                  { "name": "Name", "type": "string", "versions": "1+", "nullableVersions": "3+", "default": "null" }
                ]},
                { "name": "Table", "type": "Place", "versions": "4+" },
                { "name": "Gifts", "type": "[]int32", "taggedVersions": "3+", "tag": 0, "default": null }
              ],
              "commonStructs": [
                { "name": "Place", "versions": "4+", "fields": [
                  { "name": "Seat", "type": "uint16", "versions": "4+" }
                ]}
              ]
            }""";

    @Test
    void readsTheMessage() throws IOException {
        Schema schema = SchemaParser.parse(GREETING);
        assertEquals("GreetingRequest", schema.name());
        assertEquals(Schema.Kind.REQUEST, schema.kind());
        assertEquals(77, schema.apiKey());
        assertEquals(new Versions(1, 4), schema.valid());
        assertEquals(3, schema.flexible().low());
        assertTrue(schema.isLatestUnstable());
    }

    @Test
    void readsTheFields() throws IOException {
        List<Field> fields = SchemaParser.parse(GREETING).root().fields();
        assertEquals(
                List.of("greeting", "volume", "guests", "table", "gifts"),
                fields.stream().map(Field::name).toList());
        assertEquals(
                List.of("String", "short", "@Nullable List<Guest>", "Place", "List<Integer>"),
                fields.stream().map(Field::javaType).toList());
        assertEquals(
                List.of("\"hello\"", "(short) 16", "List.of()", "Place.builder().build()", "List.of()"),
                fields.stream().map(Field::defaultJava).toList());
        assertTrue(fields.get(1).isIgnorable());
        assertFalse(fields.get(0).isIgnorable());
        assertTrue(fields.get(4).isTagged());
        assertEquals(fields.get(4).tagged(), fields.get(4).versions());
    }

    @Test
    void readsNestedAndCommonStructs() throws IOException {
        List<Struct> structs = SchemaParser.parse(GREETING).structs();
        assertEquals(
                List.of("Place", "Guest"), structs.stream().map(Struct::name).toList());
        assertEquals("null", structs.get(1).fields().getFirst().defaultJava());
    }

    @Test
    void aBareNullIsNoDefault() throws IOException {
        // Kafka's own generator understands it so.
        assertNull(SchemaParser.parse(GREETING).root().fields().getLast().defaultText());
    }

    @Test
    void refusesWhatItWouldGetWrong() {
        refuses(GREETING.replace("\"name\": \"Place\", \"versions\"", "\"name\": \"Guest\", \"versions\""));
        refuses(GREETING.replace("\"type\": \"request\"", "\"type\": \"invitation\""));
        refuses(GREETING.replace("\"taggedVersions\"", "\"versions\": \"1+\", \"taggedVersions\""));
        refuses(GREETING.replace("[]int32", "[][]int32"));
        refuses(GREETING.replace("\"type\": \"uint16\"", "\"type\": \"uint24\""));
        refuses(GREETING.replace("1-4", "later"));
    }

    private static void refuses(String json) {
        assertThrows(IllegalArgumentException.class, () -> SchemaParser.parse(json), json);
    }
}
