package io.milena.generator;

import java.util.List;

/** A named list of fields that exists in some versions of its message. */
record Struct(String name, Versions versions, List<Field> fields) {}
