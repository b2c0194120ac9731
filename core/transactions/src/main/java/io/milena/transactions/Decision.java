package io.milena.transactions;

import java.util.List;

/**
 * What the shard answers to a command: first the records are appended and replayed, then the effects are carried out.
 *
 * @param result for whoever asked, when everything that the shard has replayed is durable
 */
public record Decision(Result result, List<CoordinatorRecord> records, List<Effect> effects) {
    public Decision {
        records = List.copyOf(records);
        effects = List.copyOf(effects);
    }
}
