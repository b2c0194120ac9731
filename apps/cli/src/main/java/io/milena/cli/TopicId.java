package io.milena.cli;

import io.milena.protocol.Uuids;
import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a topic id as Kafka's tools show it. */
final class TopicId implements ITypeConverter<UUID> {
    @Override
    public UUID convert(String text) {
        try {
            return Uuids.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a topic id, which has 22 letters, digits, '-' and '_'");
        }
    }
}
