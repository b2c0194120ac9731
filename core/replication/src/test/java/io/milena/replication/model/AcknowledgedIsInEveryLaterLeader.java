package io.milena.replication.model;

import io.milena.replication.Leader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a producer was told to be safe is at its offset in the log of every leader from then on, or was deleted on purpose. */
final class AcknowledgedIsInEveryLaterLeader implements Invariant {
    private record Leadership(int broker, long brokerEpoch, int leaderEpoch) {}

    /** What a leader was asked already; its log only grows while it leads. */
    private final Map<Leadership, Integer> checked = new HashMap<>();

    @Override
    public void check(ModelBroker changed, Story story) {
        for (ModelBroker broker : story.brokers()) {
            if (broker.state() instanceof Leader leader) {
                check(broker, leader, story.history().acknowledged());
            }
        }
    }

    private void check(ModelBroker broker, Leader leader, List<History.Acknowledged> all) {
        Leadership leadership = new Leadership(broker.id, broker.epoch(), leader.leaderEpoch());
        int from = checked.getOrDefault(leadership, 0);
        for (History.Acknowledged each : all.subList(from, all.size())) {
            boolean isLater = leader.leaderEpoch() >= each.leaderEpoch();
            boolean isDeleted = each.offset() < broker.log.startOffset();
            if (isLater && !isDeleted && !holds(broker.log, each)) {
                throw new Violation(
                        this,
                        broker.id + " leads epoch " + leader.leaderEpoch() + " without " + each + "; its log is "
                                + broker.log.startOffset() + ".." + broker.log.endOffset());
            }
        }
        if (from < all.size()) {
            checked.put(leadership, all.size());
        }
    }

    private static boolean holds(ModelLog log, History.Acknowledged each) {
        return log.has(each.offset()) && log.at(each.offset()).equals(each.entry());
    }
}
