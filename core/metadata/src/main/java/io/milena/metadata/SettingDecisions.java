package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What becomes of settings that someone changes: those of a topic are checked, alone and together; what stays as it is costs no record. */
final class SettingDecisions {
    private SettingDecisions() {}

    static Decision ofTopic(Resource topic, Map<String, String> present, Map<String, @Nullable String> changes) {
        TreeMap<String, @Nullable String> normalized = new TreeMap<>();
        TreeMap<String, String> outcome = new TreeMap<>(present);
        for (Map.Entry<String, @Nullable String> change : new TreeMap<>(changes).entrySet()) {
            String name = change.getKey();
            String value = change.getValue();
            SettingDefinition definition = TopicSettingCatalog.CATALOG.find(name);
            if (value == null) { // whoever goes back to an older broker can unset what it does not know
                normalized.put(name, null);
                outcome.remove(name);
            } else if (definition == null) {
                return Decision.refused(ErrorCode.INVALID_CONFIG, "Unknown topic config name: " + name);
            } else {
                String fault = definition.fault(value);
                if (fault != null) {
                    return Decision.refused(ErrorCode.INVALID_CONFIG, fault);
                }
                normalized.put(name, definition.normalized(value));
                outcome.put(name, definition.normalized(value));
            }
        }
        String conflict = TopicSettingCatalog.conflict(outcome);
        return conflict == null ? of(topic, present, normalized) : Decision.refused(ErrorCode.INVALID_CONFIG, conflict);
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
