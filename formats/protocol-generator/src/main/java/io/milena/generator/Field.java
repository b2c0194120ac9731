package io.milena.generator;

import org.jspecify.annotations.Nullable;

/**
 * One field of a struct.
 *
 * @param name as in Java: first letter small
 * @param nullable the versions that can encode null
 * @param tagged the versions in which it is a tagged field
 * @param tag meaningless where {@code tagged} is empty
 * @param defaultText as in the schema, or null where it gives none
 * @param isIgnorable whether a value is silently dropped by versions without the field
 * @param isNeverCompact whether it keeps the old length encoding in flexible versions too
 */
record Field(
        String name,
        FieldType type,
        Versions versions,
        Versions nullable,
        Versions tagged,
        int tag,
        @Nullable String defaultText,
        boolean isIgnorable,
        boolean isNeverCompact) {

    boolean isTagged() {
        return !tagged.isEmpty();
    }

    boolean isNullable() {
        return !nullable.isEmpty() || "null".equals(defaultText) || type == FieldType.Scalar.RECORDS;
    }

    /** The component's Java type. */
    String javaType() {
        String plain = type instanceof FieldType.Scalar scalar ? scalar.java : type.boxed();
        return (isNullable() ? "@Nullable " : "") + plain;
    }

    /** The default as a Java expression. */
    String defaultJava() {
        if ("null".equals(defaultText)) {
            return "null";
        }
        return switch (type) {
            case FieldType.Array ignored -> "List.of()";
            case FieldType.Nested nested -> nested.struct() + ".builder().build()";
            case FieldType.Scalar scalar -> scalarDefault(scalar);
        };
    }

    private String scalarDefault(FieldType.Scalar scalar) {
        String text = defaultText == null ? "" : defaultText;
        return switch (scalar) {
            case BOOL -> Boolean.toString(Boolean.parseBoolean(text));
            case INT8 -> "(byte) " + number(text);
            case INT16 -> "(short) " + number(text);
            case UINT16, INT32 -> "(int) " + number(text) + "L";
            case UINT32, INT64 -> number(text) + "L";
            case FLOAT64 -> text.isEmpty() ? "0.0" : Double.toString(Double.parseDouble(text));
            case UUID -> "Uuids.ZERO";
            case STRING -> "\"" + text + "\"";
            case BYTES -> "WireReader.NO_BYTES";
            case RECORDS -> "null";
        };
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.decode(text);
    }

    /** A Java condition: the component's value differs from the default. */
    String differsFromDefault() {
        String defaultValue = defaultJava();
        if (defaultValue.equals("null")) {
            return name + " != null";
        }
        return switch (type) {
            case FieldType.Array ignored ->
                isNullable() ? "(" + name + " == null || !" + name + ".isEmpty())" : "!" + name + ".isEmpty()";
            case FieldType.Nested ignored -> "!" + defaultValue + ".equals(" + name + ")";
            case FieldType.Scalar scalar ->
                scalar.isPrimitive() ? name + " != " + defaultValue : "!" + defaultValue + ".equals(" + name + ")";
        };
    }
}
