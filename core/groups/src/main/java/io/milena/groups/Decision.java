package io.milena.groups;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the shard answers to a command: first the records are appended and replayed, then the effects are carried out.
 *
 * @param records in this order; they may be spread over several record batches
 * @param effects in this order
 * @param producer in whose transaction the records are appended; null for none
 */
public record Decision(
        List<CoordinatorRecord> records,
        List<Effect> effects,
        @Nullable Producer producer) {
    public Decision {
        records = List.copyOf(records);
        effects = List.copyOf(effects);
    }

    Decision(List<CoordinatorRecord> records, List<Effect> effects) {
        this(records, effects, null);
    }
}
