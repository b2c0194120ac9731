package io.milena.metadata;

import io.milena.protocol.Message;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.UnregisterBrokerRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a change of brokers means for their partitions: each decision is the record of the broker and those of the partitions, in one batch, so that there is no moment
 * in which a fenced broker leads. Only the partitions of the brokers in question are looked at.
 */
public final class BrokerChanges {
    private static final byte YES = 1;
    private static final byte NO = -1;

    private final ControllerSettings settings;

    public BrokerChanges(ControllerSettings settings) {
        this.settings = settings;
    }

    /** The brokers are dead, as far as one can know: others lead, and none of these is in sync. Fenced and unknown ones are left as they are. */
    public List<Message> fence(ClusterImage image, Collection<Integer> brokers) {
        Set<Integer> fenced = new TreeSet<>();
        List<Message> records = new ArrayList<>();
        for (Integer id : new TreeSet<>(brokers)) {
            RegisterBrokerRecord broker = image.broker(id);
            if (broker != null && !broker.fenced()) {
                records.add(change(broker).fenced(YES).build());
                fenced.add(id);
            }
        }
        return withPartitions(image, fenced, records);
    }

    /** The broker is alive and knows the metadata: it leads what has no leader and would have one with it. */
    public List<Message> unfence(ClusterImage image, int id) {
        RegisterBrokerRecord broker = image.broker(id);
        if (broker == null || !broker.fenced()) {
            return List.of();
        }
        List<Message> records = new ArrayList<>();
        records.add(change(broker).fenced(NO).build());
        ClusterImage after = image.replay(records);
        new PartitionChanges(after, settings).lead(after.partitionsOn(id), records);
        return records;
    }

    /** The broker wants to go: leadership is handed over, and it leaves every ISR, before it does. */
    public List<Message> beginShutdown(ClusterImage image, int id) {
        RegisterBrokerRecord broker = image.broker(id);
        if (broker == null || broker.fenced() || broker.inControlledShutdown()) {
            return List.of();
        }
        List<Message> records = new ArrayList<>();
        records.add(change(broker).inControlledShutdown(YES).build());
        return withPartitions(image, Set.of(id), records);
    }

    /** The broker is no more. Its replicas stay where they are assigned; they come back with a broker of this id or go with a reassignment. */
    public List<Message> unregister(ClusterImage image, int id) {
        RegisterBrokerRecord broker = image.broker(id);
        if (broker == null) {
            return List.of();
        }
        List<Message> records = new ArrayList<>();
        records.add(new UnregisterBrokerRecord(id, broker.brokerEpoch()));
        return withPartitions(image, Set.of(id), records);
    }

    /**
     * The broker starts anew, fenced: it leads nothing and is nowhere in sync. If it was not shut down cleanly it may have lost what it had confirmed, and is not eligible
     * either.
     *
     * @param registration not yet in the image
     */
    List<Message> restart(ClusterImage image, RegisterBrokerRecord registration, boolean wasClean) {
        List<Message> records = new ArrayList<>();
        records.add(registration);
        ClusterImage after = image.replay(records);
        Set<Integer> gone = Set.of(registration.brokerId());
        PartitionChanges changes = new PartitionChanges(after, settings);
        List<PartitionRecord> partitions = after.partitionsOn(registration.brokerId());
        if (wasClean) {
            changes.withoutInSync(gone, partitions, records);
        } else {
            changes.withoutEligible(gone, partitions, records);
        }
        return records;
    }

    /** Some directories of a broker no longer work: it leads nothing that is in them, and is not in sync there. */
    public List<Message> loseDirectories(ClusterImage image, int id, Collection<UUID> offline) {
        RegisterBrokerRecord broker = image.broker(id);
        if (broker == null || broker.logDirs().stream().noneMatch(offline::contains)) {
            return List.of();
        }
        List<UUID> left = new ArrayList<>(broker.logDirs());
        left.removeAll(offline);
        List<Message> records = new ArrayList<>();
        if (left.isEmpty()) { // a record without directories would say that they stay: a broker without any is as good
            // as dead
            return fence(image, List.of(id));
        }
        records.add(change(broker).logDirs(left).build());
        ClusterImage after = image.replay(records);
        List<PartitionRecord> affected = after.partitionsOn(id).stream()
                .filter(partition -> {
                    int index = partition.replicas().indexOf(id);
                    return index < partition.directories().size()
                            && offline.contains(partition.directories().get(index));
                })
                .toList();
        new PartitionChanges(after, settings).withoutInSync(Set.of(id), affected, records);
        return records;
    }

    /** Whether a broker leads anything. */
    static boolean hasLeaderships(ClusterImage image, int id) {
        return image.partitionsOn(id).stream().anyMatch(partition -> partition.leader() == id);
    }

    private List<Message> withPartitions(ClusterImage image, Set<Integer> gone, List<Message> records) {
        if (gone.isEmpty()) {
            return List.of();
        }
        ClusterImage after = image.replay(records);
        new PartitionChanges(after, settings).withoutInSync(gone, PartitionChanges.on(after, gone), records);
        return records;
    }

    private static BrokerRegistrationChangeRecord.Builder change(RegisterBrokerRecord broker) {
        return BrokerRegistrationChangeRecord.builder()
                .brokerId(broker.brokerId())
                .brokerEpoch(broker.brokerEpoch());
    }
}
