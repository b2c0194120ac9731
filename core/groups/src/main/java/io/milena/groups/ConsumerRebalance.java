package io.milena.groups;

import io.milena.groups.ConsumerMember.Holding;
import io.milena.groups.ConsumerMember.Progress;
import io.milena.groups.ConsumerMember.Terms;
import io.milena.groups.assignment.Assignor;
import io.milena.groups.assignment.PartitionId;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Moves one consumer group within one turn: its members, then its epoch, then the targets, then what one member has. The group itself changes when the records are replayed; what they will change is kept
 * here meanwhile.
 */
final class ConsumerRebalance {
    private final ConsumerGroup group;
    private final Topics topics;
    private final Turn turn;
    private final SortedMap<String, ConsumerMember> members;
    private final SortedMap<String, SortedSet<PartitionId>> targets;
    private final SortedMap<String, SortedSet<String>> regexes;
    private final Set<String> gone = new TreeSet<>();
    private int epoch;
    private int assignmentEpoch;
    private boolean isChanged;

    ConsumerRebalance(ConsumerGroup group, Topics topics, Turn turn) {
        this.group = group;
        this.topics = topics;
        this.turn = turn;
        this.members = new TreeMap<>(group.members());
        this.targets = new TreeMap<>(group.targets());
        this.regexes = new TreeMap<>(group.regexes());
        this.epoch = group.epoch();
        this.assignmentEpoch = group.assignmentEpoch();
    }

    /** As they are for this group. */
    ConsumerSettings settings() {
        return turn.settings().consumer().with(topics.settingsOf(group.id()));
    }

    int epoch() {
        return epoch;
    }

    int memberCount() {
        return members.size();
    }

    /** A member that is new, or tells something new of itself. */
    void put(ConsumerMember member) {
        ConsumerMember before = members.put(member.id(), member);
        if (before == null || !before.terms().equals(member.terms())) {
            turn.append(ConsumerRecords.terms(group.id(), member.id(), member.terms()));
        }
        isChanged |= before == null || !before.terms().wantsTheSame(member.terms());
    }

    /** A static member comes back with another id: it gets what its former self had. */
    void replace(ConsumerMember former, ConsumerMember reborn) {
        SortedSet<PartitionId> target = targets.get(former.id());
        forget(former);
        members.put(reborn.id(), reborn);
        turn.append(ConsumerRecords.terms(group.id(), reborn.id(), reborn.terms()));
        if (target != null) {
            targets.put(reborn.id(), target);
            turn.append(ConsumerRecords.target(group.id(), reborn.id(), target));
        }
        isChanged |= !former.terms().wantsTheSame(reborn.terms());
    }

    /** A member is no more; its partitions are free. */
    void remove(ConsumerMember member) {
        forget(member);
        isChanged = true;
    }

    private void forget(ConsumerMember member) {
        members.remove(member.id());
        targets.remove(member.id());
        gone.add(member.id());
        turn.append(ConsumerRecords.holdingTombstone(group.id(), member.id()));
        turn.append(ConsumerRecords.targetTombstone(group.id(), member.id()));
        turn.append(ConsumerRecords.termsTombstone(group.id(), member.id()));
        group.sessions().remove(member.id());
        turn.cancelTimer(new TimerKey.Session(group.id(), member.id()));
        turn.cancelTimer(new TimerKey.Revocation(group.id(), member.id()));
    }

    /** Begins a new epoch if members, subscriptions or the topics that they are to are others than before. */
    void renew() {
        if (!isChanged && group.sessions().hasSeen(topics)) {
            return;
        }
        findTopics();
        long hash = hash();
        if (isChanged || hash != group.metadataHash()) {
            epoch++;
            turn.append(ConsumerRecords.group(group.id(), epoch, hash));
        }
        group.sessions().see(topics);
    }

    /** Looks up the topics that match regular expressions; those that nobody uses any more are forgotten. */
    private void findTopics() {
        SortedSet<String> used = new TreeSet<>();
        for (ConsumerMember member : members.values()) {
            String regex = member.terms().pattern();
            if (regex != null) {
                used.add(regex);
            }
        }
        for (String regex : used) {
            SortedSet<String> before = regexes.get(regex);
            if (before != null && group.sessions().hasSeen(topics)) {
                continue;
            }
            TopicPattern pattern = TopicPattern.of(regex);
            SortedSet<String> found = pattern == null ? null : pattern.matching(topics.names());
            SortedSet<String> known = Objects.requireNonNullElseGet(before, TreeSet::new);
            SortedSet<String> now = found == null ? known : found;
            if (before == null || !before.equals(now)) {
                regexes.put(regex, now);
                turn.append(ConsumerRecords.regex(group.id(), regex, now, turn.nowMs()));
            }
        }
        for (String regex : new TreeSet<>(regexes.keySet())) {
            if (!used.contains(regex)) {
                regexes.remove(regex);
                turn.append(ConsumerRecords.regexTombstone(group.id(), regex));
            }
        }
    }

    /** Those of a member that exist. */
    private SortedMap<UUID, Topics.Topic> topicsOf(Terms terms) {
        SortedSet<String> names = new TreeSet<>(terms.topics());
        String regex = terms.pattern();
        if (regex != null) {
            names.addAll(regexes.getOrDefault(regex, new TreeSet<>()));
        }
        SortedMap<UUID, Topics.Topic> found = new TreeMap<>();
        for (String name : names) {
            Topics.Topic topic = topics.topic(name);
            if (topic != null) {
                found.put(topic.id(), topic);
            }
        }
        return found;
    }

    private SortedMap<UUID, Topics.Topic> subscribed() {
        SortedMap<UUID, Topics.Topic> all = new TreeMap<>();
        members.values().forEach(member -> all.putAll(topicsOf(member.terms())));
        return all;
    }

    /** Of names, ids and partition counts of the topics that members subscribe to; 0 for none (FNV-1a). */
    private long hash() {
        long hash = 0;
        for (Topics.Topic topic : subscribed().values()) {
            String text = topic.name() + '\n' + topic.id() + '\n' + topic.partitions() + '\n';
            hash = hash == 0 ? 0xcbf29ce484222325L : hash;
            for (int i = 0; i < text.length(); i++) {
                hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
            }
        }
        return hash;
    }

    /** Decides who is to have what, if that was not decided for this epoch yet. */
    void assign() {
        if (epoch <= assignmentEpoch) {
            return;
        }
        SortedMap<UUID, Integer> counts = new TreeMap<>();
        SortedMap<String, Assignor.Subscriber> subscribers = new TreeMap<>();
        for (ConsumerMember member : members.values()) {
            SortedMap<UUID, Topics.Topic> its = topicsOf(member.terms());
            its.forEach((id, topic) -> counts.put(id, topic.partitions()));
            subscribers.put(
                    member.id(),
                    new Assignor.Subscriber(
                            member.terms().instanceId(),
                            new TreeSet<>(its.keySet()),
                            targets.getOrDefault(member.id(), new TreeSet<>())));
        }
        Assignor assignor = assignor();
        assignor.assign(new Assignor.Question(subscribers, counts)).forEach((memberId, target) -> {
            if (!target.equals(targets.put(memberId, target))) {
                turn.append(ConsumerRecords.target(group.id(), memberId, target));
            }
        });
        assignmentEpoch = epoch;
        turn.append(ConsumerRecords.assignmentEpoch(group.id(), epoch, turn.nowMs()));
        turn.happened(
                group.id(),
                new GroupEvent(
                        GroupEvent.Kind.GENERATION, epoch, members.size(), "", "", "assignor " + assignor.name()));
    }

    private Assignor assignor() {
        String name = assignor(members.values(), turn.settings().consumer());
        return Objects.requireNonNull(Assignor.named(name), name);
    }

    /** The one that most members wish for, of those that may be used. */
    static String assignor(Iterable<ConsumerMember> members, ConsumerSettings settings) {
        Map<String, Integer> votes = new TreeMap<>();
        for (ConsumerMember member : members) {
            String wish = member.terms().assignor();
            if (wish != null && settings.assignors().contains(wish)) {
                votes.merge(wish, 1, Integer::sum);
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(settings.assignors().getFirst());
    }

    /**
     * The next step of a member towards its target.
     *
     * @param owned what it says it has; null where it does not say
     */
    ConsumerMember reconcile(ConsumerMember member, @Nullable Set<PartitionId> owned) {
        Reconciliation reconciliation = new Reconciliation(
                assignmentEpoch,
                targets.getOrDefault(member.id(), new TreeSet<>()),
                partition -> isTaken(partition, member.id()),
                owned);
        Holding next = reconciliation.next(member.holding());
        ConsumerMember moved = member.with(next);
        if (!next.equals(member.holding())) {
            turn.append(ConsumerRecords.holding(group.id(), member.id(), next));
            watchRevocation(moved);
            tellWhenStable(member, moved);
        }
        return moved;
    }

    private boolean isTaken(PartitionId partition, String memberId) {
        String owner = group.ownerOf(partition);
        return owner != null && !owner.equals(memberId) && !gone.contains(owner);
    }

    private void tellWhenStable(ConsumerMember before, ConsumerMember after) {
        boolean areOthersDone = members.values().stream()
                .allMatch(member ->
                        member.id().equals(after.id()) || member.holding().isReconciledTo(assignmentEpoch));
        if (areOthersDone
                && after.holding().isReconciledTo(assignmentEpoch)
                && !before.holding().isReconciledTo(assignmentEpoch)) {
            turn.happened(group.id(), new GroupEvent(GroupEvent.Kind.ASSIGNED, epoch, members.size(), "", "", ""));
        }
    }

    /** A member that has to give up partitions has to do so in the time that it asked for. */
    void watchRevocation(ConsumerMember member) {
        TimerKey.Revocation key = new TimerKey.Revocation(group.id(), member.id());
        if (member.holding().progress() == Progress.UNREVOKED) {
            long deadlineMs = turn.nowMs() + Math.max(member.terms().rebalanceTimeoutMs(), 0);
            group.sessions().setRevocationDeadlineMs(member.id(), deadlineMs);
            turn.setTimer(key, deadlineMs);
        } else if (group.sessions().revocationDeadlineMs(member.id()) != null) {
            group.sessions().clearRevocationDeadline(member.id());
            turn.cancelTimer(key);
        }
    }

    void extendSession(ConsumerMember member) {
        long deadlineMs = turn.nowMs() + settings().sessionTimeoutMs();
        group.sessions().of(member.id()).extend(new TimerKey.Session(group.id(), member.id()), deadlineMs, turn);
    }

    /** A member is out, whether it wants or not. What it had goes to others when they ask. */
    void dismiss(ConsumerMember member, GroupEvent.Kind kind, String why) {
        remove(member);
        renew();
        turn.note(group.id(), "member " + member.id() + " is out: " + why);
        turn.happened(group.id(), event(kind, member, why));
        if (members.isEmpty()) {
            turn.happened(group.id(), new GroupEvent(GroupEvent.Kind.EMPTY, epoch, 0, "", "", ""));
        }
    }

    GroupEvent event(GroupEvent.Kind kind, ConsumerMember member, String why) {
        return new GroupEvent(
                kind, epoch, members.size(), member.id(), member.terms().clientId(), why);
    }

    /** Everybody gets a fresh session: after loading, and when records that took one away could not be written. */
    void resume() {
        group.sessions().see(null);
        group.members().values().forEach(member -> {
            extendSession(member);
            watchRevocation(member);
        });
    }
}
