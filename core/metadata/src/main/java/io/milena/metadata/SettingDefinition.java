package io.milena.metadata;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One setting: what it is called, what it may be, and what it is when nobody says.
 *
 * @param defaultValue as text; null for none
 * @param min for numbers
 * @param max for numbers
 * @param choices the allowed values of a string or list; empty for any
 * @param brokerName the broker setting that gives a topic setting its default, or null
 * @param documentation one or two sentences, with the unit
 */
public record SettingDefinition(
        String name,
        Type type,
        @Nullable String defaultValue,
        double min,
        double max,
        Set<String> choices,
        @Nullable String brokerName,
        String documentation) {

    /** Numbered as in DescribeConfigs. */
    public enum Type {
        BOOLEAN(1),
        STRING(2),
        INT(3),
        SHORT(4),
        LONG(5),
        DOUBLE(6),
        LIST(7),
        CLASS(8),
        PASSWORD(9);

        private final byte id;

        Type(int id) {
            this.id = (byte) id;
        }

        public byte id() {
            return id;
        }
    }

    /** The same setting under another name, with no synonym of its own. */
    public SettingDefinition renamed(String other) {
        return new SettingDefinition(other, type, defaultValue, min, max, choices, null, documentation);
    }

    /** Why a value is not allowed, as a sentence that names setting, value and what is allowed; null when it is. */
    public @Nullable String fault(String value) {
        return switch (type) {
            case BOOLEAN ->
                Set.of("true", "false").contains(value.toLowerCase(Locale.ROOT)) ? null : wrong(value, "true or false");
            case INT, SHORT, LONG -> wholeNumberFault(value);
            case DOUBLE -> numberFault(value);
            case STRING -> choices.isEmpty() || choices.contains(value) ? null : wrong(value, "one of " + choices);
            case LIST -> listFault(value);
            case CLASS, PASSWORD -> null;
        };
    }

    private @Nullable String wholeNumberFault(String value) {
        try {
            long number = Long.parseLong(value.strip());
            return number >= min && number <= max ? null : wrong(value, range());
        } catch (NumberFormatException e) {
            return wrong(value, range());
        }
    }

    private @Nullable String numberFault(String value) {
        try {
            double number = Double.parseDouble(value.strip());
            return number >= min && number <= max ? null : wrong(value, range());
        } catch (NumberFormatException e) {
            return wrong(value, range());
        }
    }

    private @Nullable String listFault(String value) {
        List<String> items = value.isBlank() ? List.of() : List.of(value.split("\\s*,\\s*"));
        return choices.isEmpty() || choices.containsAll(items) ? null : wrong(value, "a list of " + choices);
    }

    private String range() {
        String kind = type == Type.DOUBLE ? "a number" : "a whole number";
        String from = type == Type.DOUBLE ? Double.toString(min) : Long.toString((long) min);
        String to = type == Type.DOUBLE ? Double.toString(max) : Long.toString((long) max);
        return kind + " from " + from + " to " + to;
    }

    private String wrong(String value, String allowed) {
        return "Invalid value " + value + " for configuration " + name + ": it must be " + allowed;
    }
}
