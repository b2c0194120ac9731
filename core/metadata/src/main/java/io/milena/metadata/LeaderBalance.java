package io.milena.metadata;

import io.milena.metadata.PartitionChange.Election;
import io.milena.protocol.Message;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Elections that nobody asks for, from time to time: preferred leaders get their partitions back ({@code auto.leader.rebalance.enable}), and partitions that have been without
 * a leader get one where unclean elections are allowed meanwhile. At most so many at once; who has more comes again.
 */
public final class LeaderBalance {
    private final ControllerSettings settings;
    private final int imbalancePercentage;

    /** @param imbalancePercentage {@code leader.imbalance.per.broker.percentage}: how many of a broker's preferred partitions others may lead before it gets them back */
    public LeaderBalance(ControllerSettings settings, int imbalancePercentage) {
        this.settings = settings;
        this.imbalancePercentage = imbalancePercentage;
    }

    /** Gives partitions back to their preferred leaders, where these are up and in sync, and too many of a leader's are with others. */
    public List<Message> prefer(ClusterImage image, int changesMax) {
        Map<Integer, Integer> ledByOthers = new TreeMap<>();
        List<PartitionRecord> candidates = image.partitionsLedByOthers();
        candidates.forEach(partition -> ledByOthers.merge(partition.replicas().getFirst(), 1, Integer::sum));
        ledByOthers.entrySet().removeIf(broker -> !isTooMany(image, broker.getKey(), broker.getValue()));
        PartitionChanges changes = new PartitionChanges(image, settings);
        List<Message> records = new ArrayList<>();
        for (PartitionRecord partition : candidates) {
            int preferred = partition.replicas().getFirst();
            if (records.size() < changesMax
                    && ledByOthers.containsKey(preferred)
                    && partition.isr().contains(preferred)
                    && image.isActive(preferred)) {
                PartitionChangeRecord change =
                        changes.of(partition).election(Election.PREFERRED).record();
                PartitionChanges.add(change, records);
            }
        }
        return records;
    }

    private boolean isTooMany(ClusterImage image, int broker, int ledByOthers) {
        long preferred = image.partitionsOn(broker).stream()
                .filter(partition -> partition.replicas().getFirst() == broker)
                .count();
        return ledByOthers * 100L > imbalancePercentage * preferred;
    }

    /** Leads what has no leader, as far as the settings allow it now. */
    public List<Message> leadAgain(ClusterImage image, int changesMax) {
        PartitionChanges changes = new PartitionChanges(image, settings);
        List<Message> records = new ArrayList<>();
        for (PartitionRecord partition : image.partitionsWithoutLeader()) {
            if (records.size() < changesMax) {
                PartitionChanges.add(changes.of(partition).record(), records);
            }
        }
        return records;
    }
}
