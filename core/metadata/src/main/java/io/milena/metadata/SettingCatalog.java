package io.milena.metadata;

import io.milena.metadata.SettingDefinition.Rule;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one kind of resource, in the order in which they are documented. Not changed once it is built. */
public final class SettingCatalog {
    private final Map<String, SettingDefinition> definitions = new LinkedHashMap<>();

    private SettingCatalog() {}

    public static SettingCatalog create() {
        return new SettingCatalog();
    }

    public SettingCatalog bool(String name, String defaultValue, @Nullable String brokerName, String documentation) {
        return add(new SettingDefinition(
                name,
                SettingDefinition.Type.BOOLEAN,
                defaultValue,
                0,
                0,
                Set.of(),
                Rule.NONE,
                brokerName,
                documentation));
    }

    public SettingCatalog integer(
            String name,
            @Nullable String defaultValue,
            int min,
            int max,
            @Nullable String brokerName,
            String documentation) {
        return add(new SettingDefinition(
                name,
                SettingDefinition.Type.INT,
                defaultValue,
                min,
                max,
                Set.of(),
                Rule.NONE,
                brokerName,
                documentation));
    }

    /** An integer that may not be 0, although less and more may be. */
    public SettingCatalog integerButZero(
            String name, String defaultValue, int min, int max, @Nullable String brokerName, String documentation) {
        return add(new SettingDefinition(
                name,
                SettingDefinition.Type.INT,
                defaultValue,
                min,
                max,
                Set.of(),
                Rule.NOT_ZERO,
                brokerName,
                documentation));
    }

    public SettingCatalog longInteger(
            String name, @Nullable String defaultValue, long min, @Nullable String brokerName, String documentation) {
        return add(new SettingDefinition(
                name,
                SettingDefinition.Type.LONG,
                defaultValue,
                min,
                Long.MAX_VALUE,
                Set.of(),
                Rule.NONE,
                brokerName,
                documentation));
    }

    public SettingCatalog number(
            String name,
            String defaultValue,
            double min,
            double max,
            @Nullable String brokerName,
            String documentation) {
        return add(new SettingDefinition(
                name,
                SettingDefinition.Type.DOUBLE,
                defaultValue,
                min,
                max,
                Set.of(),
                Rule.NONE,
                brokerName,
                documentation));
    }

    public SettingCatalog string(
            String name,
            @Nullable String defaultValue,
            Set<String> choices,
            @Nullable String brokerName,
            String documentation) {
        return add(new SettingDefinition(
                name,
                SettingDefinition.Type.STRING,
                defaultValue,
                0,
                0,
                choices,
                Rule.NONE,
                brokerName,
                documentation));
    }

    /** A text that nobody is shown, without a default. */
    public SettingCatalog password(String name, String documentation) {
        return add(new SettingDefinition(
                name, SettingDefinition.Type.PASSWORD, null, 0, 0, Set.of(), Rule.NONE, null, documentation));
    }

    public SettingCatalog list(
            String name, String defaultValue, Set<String> choices, @Nullable String brokerName, String documentation) {
        return add(new SettingDefinition(
                name, SettingDefinition.Type.LIST, defaultValue, 0, 0, choices, Rule.NONE, brokerName, documentation));
    }

    /** A list of {@code partition:broker}, empty at first, or {@code *}. */
    public SettingCatalog partitionsAndBrokers(String name, String documentation) {
        return add(new SettingDefinition(
                name,
                SettingDefinition.Type.LIST,
                "",
                0,
                0,
                Set.of(),
                Rule.PARTITIONS_AND_BROKERS,
                null,
                documentation));
    }

    public SettingCatalog add(SettingDefinition definition) {
        definitions.put(definition.name(), definition);
        return this;
    }

    public Collection<SettingDefinition> definitions() {
        return Collections.unmodifiableCollection(definitions.values());
    }

    public @Nullable SettingDefinition find(String name) {
        return definitions.get(name);
    }

    /** The default of a setting that this catalog knows; empty where it has none. */
    public String defaultOf(String name) {
        SettingDefinition definition = definitions.get(name);
        if (definition == null) {
            throw new IllegalArgumentException("there is no setting " + name);
        }
        return definition.defaultValue() == null ? "" : definition.defaultValue();
    }

    /** Why a name and value are not allowed, or null when they are. */
    public @Nullable String fault(String name, String value) {
        SettingDefinition definition = definitions.get(name);
        return definition == null ? "Unknown configuration " + name : definition.fault(value);
    }
}
