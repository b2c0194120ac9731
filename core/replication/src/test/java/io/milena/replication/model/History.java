package io.milena.replication.model;

import java.util.ArrayList;
import java.util.List;

/** What producers were told. */
final class History {
    private final List<Acknowledged> acknowledged = new ArrayList<>();

    /** @param leaderEpoch in which it was said */
    record Acknowledged(long offset, Entry entry, int leaderEpoch) {}

    void acknowledged(long firstOffset, List<Entry> entries, int leaderEpoch) {
        for (int at = 0; at < entries.size(); at++) {
            acknowledged.add(new Acknowledged(firstOffset + at, entries.get(at), leaderEpoch));
        }
    }

    List<Acknowledged> acknowledged() {
        return acknowledged;
    }
}
