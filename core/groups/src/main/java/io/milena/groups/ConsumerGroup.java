package io.milena.groups;

import io.milena.groups.ConsumerMember.Holding;
import io.milena.groups.ConsumerMember.Terms;
import io.milena.groups.assignment.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group (KIP-848): members, what each is to have (the target of an assignment epoch), and what each has. All of that is what its records say, and changes by replaying only; sessions and
 * deadlines are live, and begin anew after a restart. No two members ever have the same partition: {@link #ownerOf} says who does.
 */
final class ConsumerGroup {
    private final String id;
    private int epoch;
    private long metadataHash;
    private int assignmentEpoch;
    private final SortedMap<String, ConsumerMember> members = new TreeMap<>();
    /** {@code group.instance.id} to member id. */
    private final SortedMap<String, String> staticMembers = new TreeMap<>();

    private final SortedMap<String, SortedSet<PartitionId>> targets = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> regexes = new TreeMap<>();
    /** Partitions that a member has or gives up, to its id. */
    private final Map<PartitionId, String> owners = new TreeMap<>();

    /** What is not in the records. */
    private final ConsumerSessions sessions = new ConsumerSessions();

    ConsumerGroup(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Grows with every change of members, their subscriptions or the topics that they subscribe to. */
    int epoch() {
        return epoch;
    }

    /** Of the topics that members subscribe to, as they were in this epoch. */
    long metadataHash() {
        return metadataHash;
    }

    /** The epoch for which the targets were made. */
    int assignmentEpoch() {
        return assignmentEpoch;
    }

    /** By id. */
    SortedMap<String, ConsumerMember> members() {
        return Collections.unmodifiableSortedMap(members);
    }

    @Nullable
    ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    @Nullable
    ConsumerMember staticMember(String instanceId) {
        String memberId = staticMembers.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    SortedSet<PartitionId> target(String memberId) {
        return targets.getOrDefault(memberId, Collections.emptySortedSet());
    }

    /** By member id. */
    SortedMap<String, SortedSet<PartitionId>> targets() {
        return Collections.unmodifiableSortedMap(targets);
    }

    /** The topics that match each regular expression, as far as it was looked up. */
    SortedMap<String, SortedSet<String>> regexes() {
        return Collections.unmodifiableSortedMap(regexes);
    }

    @Nullable
    String ownerOf(PartitionId partition) {
        return owners.get(partition);
    }

    ConsumerSessions sessions() {
        return sessions;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** The state's name on the wire. */
    String state() {
        if (members.isEmpty()) {
            return "Empty";
        }
        if (epoch > assignmentEpoch) {
            return "Assigning";
        }
        boolean isStable =
                members.values().stream().allMatch(member -> member.holding().isReconciledTo(assignmentEpoch));
        return isStable ? "Stable" : "Reconciling";
    }

    /** Names of topics that members subscribe to, by name or by a regular expression. */
    SortedSet<String> subscribedTopics() {
        SortedSet<String> all = new TreeSet<>();
        for (ConsumerMember member : members.values()) {
            all.addAll(member.terms().topics());
            String regex = member.terms().pattern();
            if (regex != null) {
                all.addAll(regexes.getOrDefault(regex, Collections.emptySortedSet()));
            }
        }
        return all;
    }

    /** The records that end a group in which nobody is. */
    List<CoordinatorRecord> end() {
        List<CoordinatorRecord> records = new ArrayList<>();
        regexes.keySet().forEach(regex -> records.add(ConsumerRecords.regexTombstone(id, regex)));
        records.add(ConsumerRecords.assignmentEpochTombstone(id));
        records.add(ConsumerRecords.groupTombstone(id));
        return records;
    }

    /** Takes over what a record says. */
    void replay(ConsumerChange change) {
        switch (change) {
            case ConsumerChange.OfEpoch(int newEpoch, long newMetadataHash) -> {
                epoch = newEpoch;
                metadataHash = newMetadataHash;
            }
            case ConsumerChange.OfAssignmentEpoch(int newEpoch) -> assignmentEpoch = newEpoch;
            case ConsumerChange.OfTerms(String memberId, Terms terms) -> replayTerms(memberId, terms);
            case ConsumerChange.OfHolding(String memberId, Holding holding) -> replayHolding(memberId, holding);
            case ConsumerChange.OfTarget(String memberId, SortedSet<PartitionId> target) -> {
                if (target == null) {
                    targets.remove(memberId);
                } else {
                    targets.put(memberId, Collections.unmodifiableSortedSet(target));
                }
            }
            case ConsumerChange.OfRegex(String regex, SortedSet<String> topics) -> {
                if (topics == null) {
                    regexes.remove(regex);
                } else {
                    regexes.put(regex, Collections.unmodifiableSortedSet(topics));
                }
            }
            case ConsumerChange.End ignored ->
                throw new IllegalStateException("the end of a group is its shard's matter");
            case ConsumerChange.Nothing ignored -> {}
        }
    }

    private void replayTerms(String memberId, @Nullable Terms terms) {
        ConsumerMember before = members.remove(memberId);
        if (before != null && before.terms().instanceId() != null) {
            staticMembers.remove(before.terms().instanceId(), memberId);
        }
        if (terms == null) {
            if (before != null) {
                release(before);
            }
            return;
        }
        members.put(memberId, (before == null ? ConsumerMember.unknown(memberId) : before).with(terms));
        if (terms.instanceId() != null) {
            staticMembers.put(terms.instanceId(), memberId);
        }
    }

    private void replayHolding(String memberId, @Nullable Holding holding) {
        ConsumerMember before = members.get(memberId);
        if (before == null && holding == null) {
            return;
        }
        ConsumerMember member = before == null ? ConsumerMember.unknown(memberId) : before;
        release(member);
        members.put(memberId, member.with(holding == null ? Holding.NONE : holding));
        if (holding != null) {
            holding.assigned().keySet().forEach(partition -> owners.put(partition, memberId));
            holding.revoking().keySet().forEach(partition -> owners.put(partition, memberId));
        }
    }

    private void release(ConsumerMember member) {
        member.holding().assigned().keySet().forEach(partition -> owners.remove(partition, member.id()));
        member.holding().revoking().keySet().forEach(partition -> owners.remove(partition, member.id()));
    }
}
