package io.milena.replication.model;

import io.milena.replication.Leader;
import java.util.HashMap;
import java.util.Map;

/** In a leader epoch only one life of one broker ever leads. */
final class OneLeaderPerEpoch implements Invariant {
    /** One life of a broker. */
    private record Life(int broker, long brokerEpoch) {}

    private final Map<Integer, Life> leaders = new HashMap<>();

    @Override
    public void check(ModelBroker changed, Story story) {
        if (changed.state() instanceof Leader leader) {
            Life life = new Life(changed.id, changed.epoch());
            Life known = leaders.putIfAbsent(leader.leaderEpoch(), life);
            if (known != null && !known.equals(life)) {
                throw new Violation(this, "epoch " + leader.leaderEpoch() + " is led by " + known + " and by " + life);
            }
        }
    }
}
