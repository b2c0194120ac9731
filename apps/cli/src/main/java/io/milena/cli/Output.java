package io.milena.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** For people or for programs. */
public final class Output {
    enum Format {
        TEXT,
        JSON
    }

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            converter = FormatConverter.class,
            description = "text, or json for programs. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    boolean isJson() {
        return format == Format.JSON;
    }

    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "json" -> Format.JSON;
                case "text" -> Format.TEXT;
                default -> throw new TypeConversionException("'" + text + "' is not text or json");
            };
        }
    }
}
