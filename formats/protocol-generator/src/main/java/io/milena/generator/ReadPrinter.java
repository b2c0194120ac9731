package io.milena.generator;

import java.util.List;
import java.util.Locale;

/** Writes the {@code read} method of one struct. */
final class ReadPrinter {
    private final Schema schema;
    private final Struct struct;
    private final JavaSource out;
    private final Versions known;

    ReadPrinter(Schema schema, Struct struct, JavaSource out) {
        this.schema = schema;
        this.struct = struct;
        this.out = out;
        this.known = struct.versions().intersect(schema.valid());
    }

    void print() {
        out.line("public static %s read(WireReader in_, short version_) {".formatted(struct.name()));
        String flexible = schema.flexible().condition(known);
        out.line("boolean flexible_ = %s;".formatted(flexible));
        for (Field field : struct.fields()) {
            String type = field.javaType();
            if (field.isTagged()) {
                out.line("%s %s = %s;".formatted(type, field.name(), field.defaultJava()));
            } else {
                out.line("%s %s = %s;"
                        .formatted(type, field.name(), choice(field.versions(), value(field), field.defaultJava())));
            }
        }
        if (!flexible.equals("false")) {
            printTags();
        }
        String names =
                String.join(", ", struct.fields().stream().map(Field::name).toList());
        out.line("return new %s(%s);".formatted(struct.name(), names));
        out.line("}");
    }

    private String choice(Versions versions, String then, String otherwise) {
        String condition = versions.condition(known);
        return switch (condition) {
            case "true" -> then;
            case "false" -> otherwise;
            default -> condition + " ? " + then + " : " + otherwise;
        };
    }

    private void printTags() {
        List<Field> tagged = struct.fields().stream().filter(Field::isTagged).toList();
        out.line("if (flexible_) {");
        out.line("for (int left_ = in_.tagCount(); left_ > 0; left_--) {");
        if (tagged.isEmpty()) {
            out.line("in_.skipTag();");
        } else {
            out.line("int tag_ = in_.tag();");
            out.line("int end_ = in_.tagEnd();");
            out.line("switch (tag_) {");
            for (Field field : tagged) {
                String condition = field.tagged().condition(known);
                if (condition.equals("false")) {
                    continue;
                }
                out.line("case %d -> {".formatted(field.tag()));
                if (!condition.equals("true")) {
                    out.line("if (!(%s)) {".formatted(condition))
                            .line("in_.skipTo(end_);")
                            .line("break;")
                            .line("}");
                }
                out.line("%s = %s;".formatted(field.name(), value(field)));
                out.line("in_.finishTag(end_);");
                out.line("}");
            }
            out.line("default -> in_.skipTo(end_);");
            out.line("}");
        }
        out.line("}").line("}");
    }

    private String value(Field field) {
        String flexible = field.isNeverCompact() ? "false" : "flexible_";
        String strict = value(field.type(), flexible, "");
        if (!field.isNullable()) {
            return strict;
        }
        String nullable = field.isTagged() && field.type() instanceof FieldType.Nested(String nested)
                ? "in_.isNullTaggedStruct() ? null : " + nested + ".read(in_, version_)"
                : value(field.type(), flexible, "nullable");
        String condition = field.nullable().condition(field.versions().intersect(known));
        return switch (condition) {
            case "true" -> nullable;
            case "false" -> strict;
            default -> "(" + condition + " ? " + nullable + " : " + strict + ")";
        };
    }

    private static String value(FieldType type, String flexible, String nullable) {
        return switch (type) {
            case FieldType.Array array ->
                "in_." + method("array", nullable) + "(" + flexible + ", version_, " + element(array.element()) + ")";
            case FieldType.Nested nested ->
                nullable.isEmpty()
                        ? nested.struct() + ".read(in_, version_)"
                        : "in_.isNullStruct() ? null : " + nested.struct() + ".read(in_, version_)";
            case FieldType.Scalar scalar ->
                scalar.hasLength()
                        ? "in_." + method(scalar.method, nullable) + "(" + flexible + ")"
                        : "in_." + method(scalar.method, "") + "()";
        };
    }

    /** {@code string}, {@code nullableString}. */
    private static String method(String name, String prefix) {
        return prefix.isEmpty()
                ? name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1)
                : prefix + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** How an array's elements are read: functions that capture nothing. */
    private static String element(FieldType type) {
        return switch (type) {
            case FieldType.Nested nested -> nested.struct() + "::read";
            case FieldType.Scalar scalar
            when scalar.hasLength() ->
                "flexible_ ? (r, v) -> r." + method(scalar.method, "") + "(true) : (r, v) -> r."
                        + method(scalar.method, "") + "(false)";
            case FieldType.Scalar scalar -> "(r, v) -> r." + method(scalar.method, "") + "()";
            case FieldType.Array ignored -> throw new IllegalArgumentException("an array of arrays");
        };
    }
}
