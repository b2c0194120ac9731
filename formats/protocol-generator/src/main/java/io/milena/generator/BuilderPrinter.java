package io.milena.generator;

/** Writes the builder of one struct. */
final class BuilderPrinter {
    private BuilderPrinter() {}

    static void print(Struct struct, JavaSource out) {
        out.line("/** All fields at their defaults. */");
        out.line("public static Builder builder() {")
                .line("return new Builder();")
                .line("}")
                .line("");
        out.line("public Builder toBuilder() {").line("Builder builder = new Builder();");
        for (Field field : struct.fields()) {
            out.line("builder.%1$s = %1$s;".formatted(field.name()));
        }
        out.line("return builder;").line("}").line("");
        out.line("/** Sets fields one by one. */").line("public static final class Builder {");
        for (Field field : struct.fields()) {
            out.line("private %s %s = %s;".formatted(field.javaType(), field.name(), field.defaultJava()));
        }
        out.line("").line("private Builder() {}");
        for (Field field : struct.fields()) {
            out.line("");
            out.line("public Builder %s(%s value) {".formatted(field.name(), field.javaType()));
            out.line("this.%s = value;".formatted(field.name()))
                    .line("return this;")
                    .line("}");
        }
        out.line("").line("public %s build() {".formatted(struct.name()));
        String names =
                String.join(", ", struct.fields().stream().map(Field::name).toList());
        out.line("return new %s(%s);".formatted(struct.name(), names)).line("}").line("}");
    }
}
