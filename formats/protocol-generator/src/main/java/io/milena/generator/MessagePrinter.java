package io.milena.generator;

import java.util.Locale;

/** Writes the Java file of one message: a record, its nested records, and for each how to read, write and build it. */
final class MessagePrinter {
    private final Schema schema;
    private final JavaSource out = new JavaSource();

    private MessagePrinter(Schema schema) {
        this.schema = schema;
    }

    static String print(Schema schema, String javaPackage) {
        return new MessagePrinter(schema).file(javaPackage);
    }

    /** The name of the constant of {@code ApiKey} that a request or response belongs to. */
    static String apiConstant(String messageName) {
        String api = messageName.replaceAll("(Request|Response)$", "");
        return api.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    private String file(String javaPackage) {
        out.line("// Generated from the schema of " + schema.name() + ".");
        out.line("package %s;".formatted(javaPackage)).line("");
        out.line("import io.milena.protocol.ApiKey;");
        out.line("import io.milena.protocol.ApiMessage;");
        out.line("import io.milena.protocol.Message;");
        out.line("import io.milena.protocol.Payload;");
        out.line("import io.milena.protocol.Uuids;");
        out.line("import io.milena.protocol.UnsupportedVersionException;");
        out.line("import io.milena.protocol.WireReader;");
        out.line("import io.milena.protocol.WireWriter;");
        out.line("import java.nio.ByteBuffer;");
        out.line("import java.util.List;");
        out.line("import java.util.UUID;");
        if (schema.kind() == Schema.Kind.RESPONSE) {
            out.line("import java.util.function.IntConsumer;");
        }
        out.line("import org.jspecify.annotations.Nullable;").line("");
        boolean isApi = schema.kind() == Schema.Kind.REQUEST || schema.kind() == Schema.Kind.RESPONSE;
        out.line("/** Versions %d to %d. */"
                .formatted(schema.valid().low(), schema.valid().high()));
        open(schema.root(), isApi ? "ApiMessage" : "Message");
        out.line("public static final short LOWEST_VERSION = %d;"
                .formatted(schema.valid().low()));
        out.line("public static final short HIGHEST_VERSION = %d;"
                .formatted(schema.valid().high()));
        if (!schema.kind().isOnTheWire() && schema.apiKey() >= 0) {
            out.line("/** The record type. */");
            out.line("public static final short TYPE = %d;".formatted(schema.apiKey()));
        }
        out.line("");
        if (isApi) {
            out.line("@Override").line("public ApiKey apiKey() {");
            out.line("return ApiKey.%s;".formatted(apiConstant(schema.name())));
            out.line("}").line("");
        }
        body(schema.root());
        for (Struct struct : schema.structs()) {
            out.line("");
            open(struct, "Message");
            body(struct);
            out.line("}");
        }
        out.line("}");
        return out.toString();
    }

    private void open(Struct struct, String type) {
        out.line("public record %s(%s) implements %s {".formatted(struct.name(), components(struct), type));
    }

    private static String components(Struct struct) {
        return String.join(
                ", ",
                struct.fields().stream().map(f -> f.javaType() + " " + f.name()).toList());
    }

    private void body(Struct struct) {
        new ReadPrinter(schema, struct, out).print();
        out.line("");
        new WritePrinter(schema, struct, out).print();
        out.line("");
        if (schema.kind() == Schema.Kind.RESPONSE) {
            ErrorCodePrinter.print(schema, struct, out);
        }
        BuilderPrinter.print(struct, out);
    }
}
