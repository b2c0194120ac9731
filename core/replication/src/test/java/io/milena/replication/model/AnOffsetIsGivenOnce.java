package io.milena.replication.model;

import io.milena.replication.Follower;
import io.milena.replication.Leader;
import java.util.HashMap;
import java.util.Map;

/** What a consumer can see at an offset, from any replica at any time, or a producer was told to be there, is the same record for ever. */
final class AnOffsetIsGivenOnce implements Invariant {
    private final Map<Long, Entry> committed = new HashMap<>();
    private final Map<Integer, long[]> seen = new HashMap<>();
    private int acknowledged;

    @Override
    public void check(ModelBroker changed, Story story) {
        var all = story.history().acknowledged();
        for (; acknowledged < all.size(); acknowledged++) {
            commit(all.get(acknowledged).offset(), all.get(acknowledged).entry());
        }
        if (changed.state() instanceof Leader || changed.state() instanceof Follower) {
            long truncations = changed.log.truncations();
            long[] before = seen.getOrDefault(changed.id, new long[2]);
            long from = before[1] == truncations ? before[0] : 0;
            long until = LogsAgreeBelowTheHighWatermark.visible(changed);
            for (long offset = Math.max(from, changed.log.startOffset()); offset < until; offset++) {
                commit(offset, changed.log.at(offset));
            }
            seen.put(changed.id, new long[] {Math.max(until, 0), truncations});
        }
    }

    private void commit(long offset, Entry entry) {
        Entry known = committed.putIfAbsent(offset, entry);
        if (known != null && !known.equals(entry)) {
            throw new Violation(this, "offset " + offset + " was given to " + known + " and to " + entry);
        }
    }
}
