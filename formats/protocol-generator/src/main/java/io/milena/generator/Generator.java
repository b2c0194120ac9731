package io.milena.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code Generator OUTPUT SCHEMAS...}: reads every schema below the folders {@code SCHEMAS} and writes the Java sources below {@code OUTPUT}. Messages whose
 * versions are all gone are left out.
 */
public final class Generator {
    private static final String MESSAGES = "io.milena.protocol.message";
    private static final String RECORDS = "io.milena.protocol.record";

    private Generator() {}

    public static void main(String[] arguments) throws IOException {
        Path output = Path.of(arguments[0]);
        List<Schema> schemas = new ArrayList<>();
        for (String folder : List.of(arguments).subList(1, arguments.length)) {
            schemas.addAll(read(Path.of(folder)));
        }
        for (Schema schema : schemas) {
            String javaPackage = isMessage(schema) ? MESSAGES : RECORDS;
            write(output, javaPackage, schema.name(), MessagePrinter.print(schema, javaPackage));
        }
        Map<Integer, Schema> responses = new LinkedHashMap<>();
        schemas.stream()
                .filter(schema -> schema.kind() == Schema.Kind.RESPONSE)
                .forEach(schema -> responses.put(schema.apiKey(), schema));
        List<Schema> requests = schemas.stream()
                .filter(schema -> schema.kind() == Schema.Kind.REQUEST)
                .sorted(Comparator.comparingInt(Schema::apiKey))
                .toList();
        List<Schema> inOrder = requests.stream()
                .map(request -> responses.get(request.apiKey()))
                .toList();
        write(output, "io.milena.protocol", "ApiKey", ApiKeyPrinter.print(requests, inOrder));
    }

    /** Requests, responses, headers, and what consumers put into the group protocol; all else is written to logs. */
    private static boolean isMessage(Schema schema) {
        return schema.kind().isOnTheWire() || schema.name().startsWith("ConsumerProtocol");
    }

    private static List<Schema> read(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> sorted = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            Map<String, Schema> byName = new LinkedHashMap<>();
            for (Path file : sorted) {
                Schema schema = SchemaParser.parse(file);
                if (!schema.valid().isEmpty()) {
                    byName.putIfAbsent(schema.name(), schema);
                }
            }
            return List.copyOf(byName.values());
        }
    }

    private static void write(Path output, String javaPackage, String name, String source) throws IOException {
        Path file = output.resolve(javaPackage.replace('.', '/')).resolve(name + ".java");
        Files.createDirectories(file.getParent());
        // A file that stays as it is need not be compiled again.
        if (!Files.exists(file) || !Files.readString(file).equals(source)) {
            Files.writeString(file, source);
        }
    }
}
