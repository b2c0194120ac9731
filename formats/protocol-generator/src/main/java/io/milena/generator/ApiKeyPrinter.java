package io.milena.generator;

import java.util.List;

/** Writes the enum of all APIs. Messages are named only inside switches, so that none is loaded before it is used. */
final class ApiKeyPrinter {
    private ApiKeyPrinter() {}

    static String print(List<Schema> requests, List<Schema> responses) {
        JavaSource out = new JavaSource();
        out.line("// Generated from the schemas of all requests and responses.");
        out.line("package io.milena.protocol;").line("");
        out.line("import io.milena.protocol.message.*;");
        out.line("import org.jspecify.annotations.Nullable;").line("");
        out.line("/** The APIs of the protocol, by number. */").line("public enum ApiKey {");
        for (int i = 0; i < requests.size(); i++) {
            Schema request = requests.get(i);
            out.line("%s(%d, %d, %d, %b, %d, %d)%s"
                    .formatted(
                            MessagePrinter.apiConstant(request.name()),
                            request.apiKey(),
                            request.valid().low(),
                            request.valid().high(),
                            request.isLatestUnstable(),
                            flexibleSince(request),
                            flexibleSince(responses.get(i)),
                            i + 1 < requests.size() ? "," : ";"));
        }
        out.line("");
        out.line("private final short key;");
        out.line("private final short oldestVersion;");
        out.line("private final short latestVersion;");
        out.line("private final boolean isLatestUnstable;");
        out.line("private final int requestFlexibleSince;");
        out.line("private final int responseFlexibleSince;");
        out.line("");
        out.line(
                "ApiKey(int key, int oldest, int latest, boolean isLatestUnstable, int requestFlexibleSince, int responseFlexibleSince) {");
        out.line("this.key = (short) key;");
        out.line("this.oldestVersion = (short) oldest;");
        out.line("this.latestVersion = (short) latest;");
        out.line("this.isLatestUnstable = isLatestUnstable;");
        out.line("this.requestFlexibleSince = requestFlexibleSince;");
        out.line("this.responseFlexibleSince = responseFlexibleSince;");
        out.line("}").line("");
        accessor(out, "short", "key");
        accessor(out, "short", "oldestVersion");
        accessor(out, "short", "latestVersion");
        accessor(out, "boolean", "isLatestUnstable");
        out.line("/** 2 where the request has tagged fields, else 1. */");
        out.line("public short requestHeaderVersion(short version) {");
        out.line("return (short) (version >= requestFlexibleSince ? 2 : 1);")
                .line("}")
                .line("");
        out.line(
                "/** 1 where the response has tagged fields, else 0; always 0 for ApiVersions, whose reader knows no version yet. */");
        out.line("public short responseHeaderVersion(short version) {");
        out.line("return (short) (this != API_VERSIONS && version >= responseFlexibleSince ? 1 : 0);")
                .line("}")
                .line("");
        out.line("/** The API with this number, or null. */");
        out.line("public static @Nullable ApiKey of(int key) {").line("return switch (key) {");
        requests.forEach(r -> out.line("case %d -> %s;".formatted(r.apiKey(), MessagePrinter.apiConstant(r.name()))));
        out.line("default -> null;").line("};").line("}").line("");
        reader(out, "readRequest", requests);
        out.line("");
        reader(out, "readResponse", responses);
        out.line("}");
        return out.toString();
    }

    private static int flexibleSince(Schema schema) {
        return schema.flexible().isEmpty() ? Short.MAX_VALUE : schema.flexible().low();
    }

    private static void accessor(JavaSource out, String type, String name) {
        out.line("public %s %s() {".formatted(type, name))
                .line("return %s;".formatted(name))
                .line("}")
                .line("");
    }

    /** Each case returns by itself: where their results met, the verifier would load every message to compare their types. */
    private static void reader(JavaSource out, String method, List<Schema> schemas) {
        out.line("public ApiMessage %s(WireReader in, short version) {".formatted(method))
                .line("switch (this) {");
        for (Schema schema : schemas) {
            out.line("case %s -> {".formatted(MessagePrinter.apiConstant(schema.name())));
            out.line("return %s.read(in, version);".formatted(schema.name())).line("}");
        }
        out.line("}");
        out.line("throw new IllegalStateException(name());").line("}");
    }
}
