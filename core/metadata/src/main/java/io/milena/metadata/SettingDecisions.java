package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What becomes of settings that someone changes: those of a topic or a group are checked, alone and together; what stays as it is costs no record. */
final class SettingDecisions {
    private SettingDecisions() {}

    /** The settings that something may have, and what they may not be together. */
    private record Rules(
            String noun, SettingCatalog catalog, Function<Map<String, String>, @Nullable String> conflict) {}

    static Decision ofTopic(Resource topic, Map<String, String> present, Map<String, @Nullable String> changes) {
        Rules rules = new Rules("topic", TopicSettingCatalog.CATALOG, TopicSettingCatalog::conflict);
        return checked(rules, topic, present, changes);
    }

    static Decision ofGroup(Resource group, Map<String, String> present, Map<String, @Nullable String> changes) {
        return checked(new Rules("group", GroupConfigs.CATALOG, GroupConfigs::conflict), group, present, changes);
    }

    private static Decision checked(
            Rules rules, Resource resource, Map<String, String> present, Map<String, @Nullable String> changes) {
        TreeMap<String, @Nullable String> normalized = new TreeMap<>();
        TreeMap<String, String> outcome = new TreeMap<>(present);
        for (Map.Entry<String, @Nullable String> change : new TreeMap<>(changes).entrySet()) {
            String name = change.getKey();
            String value = change.getValue();
            SettingDefinition definition = rules.catalog.find(name);
            if (value == null) { // whoever goes back to an older broker can unset what it does not know
                normalized.put(name, null);
                outcome.remove(name);
            } else if (definition == null) {
                return Decision.refused(ErrorCode.INVALID_CONFIG, "Unknown " + rules.noun + " config name: " + name);
            } else {
                String fault = definition.fault(value);
                if (fault != null) {
                    return Decision.refused(ErrorCode.INVALID_CONFIG, fault);
                }
                normalized.put(name, definition.normalized(value));
                outcome.put(name, definition.normalized(value));
            }
        }
        String conflict = rules.conflict.apply(outcome);
        return conflict == null
                ? of(resource, present, normalized)
                : Decision.refused(ErrorCode.INVALID_CONFIG, conflict);
    }

    static Decision of(Resource resource, Map<String, String> present, TreeMap<String, @Nullable String> changes) {
        List<Message> records = new ArrayList<>();
        changes.forEach((name, value) -> {
            String old = present.get(name);
            boolean isSame = value == null ? old == null : value.equals(old);
            if (!isSame) {
                records.add(new ConfigRecord(resource.type(), resource.name(), name, value));
            }
        });
        return Decision.of(records);
    }
}
