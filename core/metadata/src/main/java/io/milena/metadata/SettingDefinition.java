package io.milena.metadata;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One setting: what it is called, what it may be, and what it is when nobody says.
 *
 * @param defaultValue as text; null for none
 * @param min for numbers
 * @param max for numbers
 * @param choices the allowed values of a string or list; empty for any
 * @param rule what else a value must be
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
        Rule rule,
        @Nullable String brokerName,
        String documentation) {

    public SettingDefinition {
        choices = Collections.unmodifiableSortedSet(new TreeSet<>(choices));
    }

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

    /** What a range and a set of choices cannot say. */
    public enum Rule {
        NONE,
        /** The range has a hole. */
        NOT_ZERO,
        /** {@code *} alone, or items of the form {@code partition:broker}. */
        PARTITIONS_AND_BROKERS
    }

    /** Whether its value is a secret. */
    public boolean isSensitive() {
        return type == Type.PASSWORD;
    }

    /** The same setting under another name, with no synonym of its own. */
    public SettingDefinition renamed(String other) {
        return new SettingDefinition(other, type, defaultValue, min, max, choices, rule, null, documentation);
    }

    /** The form in which an allowed value is stored, shown and understood by every reader: one way to write a number, no space around items, none of them twice. */
    public String normalized(String value) {
        String given = value.strip();
        return switch (type) {
            case LIST -> String.join(",", new LinkedHashSet<>(items(value)));
            case BOOLEAN -> given.toLowerCase(Locale.ROOT);
            case INT, SHORT, LONG -> Long.toString(Long.parseLong(given));
            case DOUBLE -> Double.toString(Double.parseDouble(given));
            case STRING, CLASS, PASSWORD -> given;
        };
    }

    /** The items of a list, in order. */
    public static List<String> items(String list) {
        List<String> items = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    /** The values that are allowed, in words. */
    public String allowed() {
        return switch (type) {
            case BOOLEAN -> "true or false";
            case INT, SHORT, LONG, DOUBLE -> range();
            case STRING -> choices.isEmpty() ? "any text" : "one of " + String.join(", ", choices);
            case LIST ->
                rule == Rule.PARTITIONS_AND_BROKERS
                        ? "* or a list of partition:broker, such as 0:1,1:2"
                        : choices.isEmpty() ? "a list" : "a list of " + String.join(", ", choices);
            case CLASS, PASSWORD -> "any text";
        };
    }

    /** Why a value is not allowed, as a sentence that names setting, value and what is allowed; null when it is. */
    public @Nullable String fault(String value) {
        String given = value.strip();
        return switch (type) {
            case BOOLEAN -> given.equalsIgnoreCase("true") || given.equalsIgnoreCase("false") ? null : wrong(value);
            case INT, SHORT, LONG -> isWholeNumberInRange(given) ? null : wrong(value);
            case DOUBLE -> isNumberInRange(given) ? null : wrong(value);
            case STRING -> choices.isEmpty() || choices.contains(given) ? null : wrong(value);
            case LIST -> isAllowedList(items(value)) && !hasGap(value) ? null : wrong(value);
            case CLASS, PASSWORD -> null;
        };
    }

    private boolean isWholeNumberInRange(String value) {
        try {
            long number = Long.parseLong(value);
            return number >= min && number <= max && (rule != Rule.NOT_ZERO || number != 0);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean isNumberInRange(String value) {
        try {
            double number = Double.parseDouble(value);
            return number >= min && number <= max;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean isAllowedList(List<String> items) {
        if (rule == Rule.PARTITIONS_AND_BROKERS) {
            return items.equals(List.of("*")) || items.stream().allMatch(SettingDefinition::isPartitionAndBroker);
        }
        return choices.isEmpty() || choices.containsAll(items);
    }

    /** A comma with nothing on one side. */
    private boolean hasGap(String list) {
        return !choices.isEmpty()
                && !list.isBlank()
                && list.split(",", -1).length != items(list).size();
    }

    private static boolean isPartitionAndBroker(String item) {
        int colon = item.indexOf(':');
        return colon > 0
                && colon < item.length() - 1
                && item.chars().filter(c -> c == ':').count() == 1
                && item.chars().allMatch(c -> c == ':' || (c >= '0' && c <= '9'));
    }

    private String range() {
        boolean isWhole = type != Type.DOUBLE;
        String kind = isWhole ? "a whole number" : "a number";
        String but = rule == Rule.NOT_ZERO ? ", but not 0" : "";
        String from = isWhole ? Long.toString((long) min) : Double.toString(min);
        String to = isWhole ? Long.toString((long) max) : Double.toString(max);
        if (isWhole && min <= Long.MIN_VALUE && max >= Long.MAX_VALUE) {
            return kind + but;
        }
        return max >= Long.MAX_VALUE
                ? kind + ", " + from + " or more" + but
                : kind + " from " + from + " to " + to + but;
    }

    private String wrong(String value) {
        return "Invalid value " + value + " for configuration " + name + ": it must be " + allowed();
    }
}
