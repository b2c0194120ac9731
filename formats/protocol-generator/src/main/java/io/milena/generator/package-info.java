/**
 * Turns Kafka's published JSON schemas into Java at build time, in three parts: {@link io.milena.generator.SchemaParser} reads JSON into the model ({@link
 * io.milena.generator.Schema}, {@link io.milena.generator.Struct}, {@link io.milena.generator.Field}, {@link io.milena.generator.FieldType}, {@link
 * io.milena.generator.Versions}), the printers write one immutable record per message and the table of APIs, and {@link io.milena.generator.Generator} is the command that joins
 * them.
 *
 * <p>Nothing of it is there at run time. The generated code is tested where it lives, in {@code formats/protocol}, against Kafka's own.
 */
@NullMarked
package io.milena.generator;

import org.jspecify.annotations.NullMarked;
