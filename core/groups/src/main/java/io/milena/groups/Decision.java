package io.milena.groups;

import java.util.List;

/**
 * What the shard answers to a command: first the records are appended and replayed, then the effects are carried out.
 *
 * @param records in this order; they may be spread over several record batches
 * @param effects in this order
 */
public record Decision(List<CoordinatorRecord> records, List<Effect> effects) {
    public Decision {
        records = List.copyOf(records);
        effects = List.copyOf(effects);
    }
}
