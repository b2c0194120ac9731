package io.milena.generator;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Writes the {@code write} method of one struct. */
final class WritePrinter {
    private final Schema schema;
    private final Struct struct;
    private final JavaSource out;
    private final Versions known;

    WritePrinter(Schema schema, Struct struct, JavaSource out) {
        this.schema = schema;
        this.struct = struct;
        this.out = out;
        this.known = struct.versions().intersect(schema.valid());
    }

    void print() {
        out.line("@Override").line("public void write(WireWriter out_, short version_) {");
        String flexible = schema.flexible().condition(known);
        out.line("boolean flexible_ = %s;".formatted(flexible));
        for (Field field : struct.fields()) {
            if (!field.isTagged()) {
                printField(field);
            }
        }
        if (!flexible.equals("false")) {
            printTags();
        }
        out.line("}");
    }

    private void printField(Field field) {
        String condition = field.versions().condition(known);
        if (condition.equals("true")) {
            out.line("%s;".formatted(value(field, "out_")));
            return;
        }
        if (!condition.equals("false")) {
            out.line("if (%s) {".formatted(condition));
            out.line("%s;".formatted(value(field, "out_")));
        }
        if (!field.isIgnorable()) {
            out.line((condition.equals("false") ? "if (%s) {" : "} else if (%s) {")
                    .formatted(field.differsFromDefault()));
            printRefusal(field);
        }
        if (!condition.equals("false") || !field.isIgnorable()) {
            out.line("}");
        }
    }

    private void printRefusal(Field field) {
        out.line("throw new UnsupportedVersionException(\"%s.%s\", version_);".formatted(struct.name(), field.name()));
    }

    private void printTags() {
        List<Field> tagged = struct.fields().stream()
                .filter(Field::isTagged)
                .sorted(Comparator.comparingInt(Field::tag))
                .toList();
        for (Field field : tagged) {
            String condition = field.tagged().condition(known);
            if (!condition.equals("true") && !field.isIgnorable()) {
                out.line("if (!(%s) && %s) {".formatted(condition, field.differsFromDefault()));
                printRefusal(field);
                out.line("}");
            }
        }
        out.line("if (flexible_) {");
        List<Field> present = tagged.stream()
                .filter(f -> !f.tagged().condition(known).equals("false"))
                .toList();
        if (present.isEmpty()) {
            out.line("out_.noTags();");
        } else {
            out.line("int tags_ = 0;");
            present.forEach(field -> out.line("tags_ += %s ? 1 : 0;".formatted(isWritten(field))));
            out.line("out_.tagCount(tags_);");
            for (Field field : present) {
                out.line("if (%s) {".formatted(isWritten(field)));
                out.line("WireWriter tagged_ = out_.tagged();");
                out.line("%s;".formatted(value(field, "tagged_")));
                out.line("out_.tag(%d, tagged_);".formatted(field.tag()));
                out.line("}");
            }
        }
        out.line("}");
    }

    private String isWritten(Field field) {
        String condition = field.tagged().condition(known);
        return condition.equals("true")
                ? field.differsFromDefault()
                : "(" + condition + ") && " + field.differsFromDefault();
    }

    private String value(Field field, String writer) {
        String flexible = field.isNeverCompact() ? "false" : "flexible_";
        if (!field.isNullable()) {
            return value(field.type(), writer, field.name(), flexible, "");
        }
        String required =
                "WireWriter.required(" + field.name() + ", \"" + struct.name() + "." + field.name() + "\", version_)";
        String condition = field.nullable().condition(field.versions().intersect(known));
        String nullable = field.isTagged() && field.type() instanceof FieldType.Nested
                ? writer + ".nullableTaggedStruct(" + field.name() + ", version_)"
                : value(field.type(), writer, field.name(), flexible, "nullable");
        String strict = value(field.type(), writer, required, flexible, "");
        return switch (condition) {
            case "true" -> nullable;
            case "false" -> strict;
            default -> "if (" + condition + ") " + nullable + "; else " + strict;
        };
    }

    private static String value(FieldType type, String writer, String name, String flexible, String nullable) {
        return switch (type) {
            case FieldType.Array array ->
                writer + "." + method("array", nullable) + "(" + name + ", " + flexible + ", version_, "
                        + element(array.element()) + ")";
            case FieldType.Nested ignored ->
                nullable.isEmpty()
                        ? name + ".write(" + writer + ", version_)"
                        : writer + ".nullableStruct(" + name + ", version_)";
            case FieldType.Scalar scalar ->
                scalar.hasLength()
                        ? writer + "." + method(scalar.method, nullable) + "(" + name + ", " + flexible + ")"
                        : writer + "." + method(scalar.method, "") + "(" + name + ")";
        };
    }

    private static String method(String name, String prefix) {
        return prefix.isEmpty()
                ? name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1)
                : prefix + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static String element(FieldType type) {
        return switch (type) {
            case FieldType.Nested ignored -> "(e, w, v) -> e.write(w, v)";
            case FieldType.Scalar scalar
            when scalar.hasLength() ->
                "flexible_ ? (e, w, v) -> w." + method(scalar.method, "") + "(e, true) : (e, w, v) -> w."
                        + method(scalar.method, "") + "(e, false)";
            case FieldType.Scalar scalar -> "(e, w, v) -> w." + method(scalar.method, "") + "(e)";
            case FieldType.Array ignored -> throw new IllegalArgumentException("an array of arrays");
        };
    }
}
