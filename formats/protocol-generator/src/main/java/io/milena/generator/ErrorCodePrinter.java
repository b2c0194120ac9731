package io.milena.generator;

/** Writes the method of a response, or of a struct within one, that shows the error codes in it; none where there are none. */
final class ErrorCodePrinter {
    private ErrorCodePrinter() {}

    static void print(Schema schema, Struct struct, JavaSource out) {
        if (!hasErrors(schema, struct)) {
            return;
        }
        out.line("@Override").line("public void errorCodes(IntConsumer sink_) {");
        for (Field field : struct.fields()) {
            if (isErrorCode(field)) {
                out.line("sink_.accept(%s);".formatted(field.name()));
            } else if (holdsErrors(schema, field)) {
                show(field, out);
            }
        }
        out.line("}").line("");
    }

    private static void show(Field field, JavaSource out) {
        if (field.isNullable()) {
            out.line("if (%s != null) {".formatted(field.name()));
        }
        if (field.type() instanceof FieldType.Array array) {
            out.line("for (%s e_ : %s) {".formatted(array.element().boxed(), field.name()))
                    .line("e_.errorCodes(sink_);")
                    .line("}");
        } else {
            out.line("%s.errorCodes(sink_);".formatted(field.name()));
        }
        if (field.isNullable()) {
            out.line("}");
        }
    }

    private static boolean isErrorCode(Field field) {
        return field.type() == FieldType.Scalar.INT16 && field.name().endsWith("rrorCode");
    }

    private static boolean hasErrors(Schema schema, Struct struct) {
        return struct.fields().stream().anyMatch(field -> isErrorCode(field) || holdsErrors(schema, field));
    }

    private static boolean holdsErrors(Schema schema, Field field) {
        FieldType type = field.type() instanceof FieldType.Array array ? array.element() : field.type();
        return type instanceof FieldType.Nested nested
                && schema.structs().stream()
                        .anyMatch(struct -> struct.name().equals(nested.struct()) && hasErrors(schema, struct));
    }
}
