package io.milena.generator;

/** The type of a field. */
sealed interface FieldType {
    /** A type of fixed or declared length that the reader and writer know by name. */
    enum Scalar implements FieldType {
        BOOL("boolean", "Boolean", "Bool"),
        INT8("byte", "Byte", "Int8"),
        INT16("short", "Short", "Int16"),
        UINT16("int", "Integer", "Uint16"),
        INT32("int", "Integer", "Int32"),
        UINT32("long", "Long", "Uint32"),
        INT64("long", "Long", "Int64"),
        FLOAT64("double", "Double", "Float64"),
        UUID("UUID", "UUID", "Uuid"),
        STRING("String", "String", "String"),
        BYTES("ByteBuffer", "ByteBuffer", "Bytes"),
        RECORDS("Payload", "Payload", "Records");

        /** As a component, as a type argument, and as the suffix of the reader's and writer's methods. */
        final String java;

        final String boxed;
        final String method;

        Scalar(String java, String boxed, String method) {
            this.java = java;
            this.boxed = boxed;
            this.method = method;
        }

        boolean isPrimitive() {
            return !java.equals(boxed);
        }

        /** Whether its encoding differs between flexible and other versions, and null can be encoded. */
        boolean hasLength() {
            return this == STRING || this == BYTES || this == RECORDS;
        }
    }

    /** A nested struct, by its name. */
    record Nested(String struct) implements FieldType {}

    /** A list of anything but lists. */
    record Array(FieldType element) implements FieldType {}

    static FieldType parse(String text) {
        if (text.startsWith("[]")) {
            return new Array(parse(text.substring(2)));
        }
        for (Scalar scalar : Scalar.values()) {
            if (scalar.name().equalsIgnoreCase(text)) {
                return scalar;
            }
        }
        return new Nested(text);
    }

    /** The type as a type argument. */
    default String boxed() {
        return switch (this) {
            case Scalar scalar -> scalar.boxed;
            case Nested nested -> nested.struct;
            case Array array -> "List<" + array.element.boxed() + ">";
        };
    }
}
