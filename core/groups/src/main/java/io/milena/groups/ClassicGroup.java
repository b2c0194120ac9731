package io.milena.groups;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.PreparingRebalance;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The membership of one classic group: members, generation, protocol, leader and state. It answers what follows from them; the moves
 * are made by {@link Rebalance}. What survives a restart is the record of the last finished round, see {@link StoredGroup}.
 */
final class ClassicGroup {
    static final String CONSUMER = "consumer";

    private final String id;
    private GroupState state = new Empty();
    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocolName;
    private @Nullable String leaderId;

    /** When the state was entered; -1 when an old record did not say. */
    private long stateSinceMs;

    private final Map<String, Member> members = new LinkedHashMap<>();

    /** {@code group.instance.id} to member id. */
    private final Map<String, String> staticMembers = new TreeMap<>();

    /** Member ids that were given away and whose owners have not joined with them yet (KIP-394). */
    private final Map<String, Session> pendingMembers = new LinkedHashMap<>();

    ClassicGroup(String id, long nowMs) {
        this.id = id;
        this.stateSinceMs = nowMs;
    }

    String id() {
        return id;
    }

    GroupState state() {
        return state;
    }

    long stateSinceMs() {
        return stateSinceMs;
    }

    int generation() {
        return generation;
    }

    @Nullable
    String protocolType() {
        return protocolType;
    }

    @Nullable
    String protocolName() {
        return protocolName;
    }

    @Nullable
    String leaderId() {
        return leaderId;
    }

    Collection<Member> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    @Nullable
    Member member(String memberId) {
        return members.get(memberId);
    }

    boolean isLeader(Member member) {
        return member.id().equals(leaderId);
    }

    @Nullable
    String staticMemberId(String instanceId) {
        return staticMembers.get(instanceId);
    }

    Map<String, Session> pendingMembers() {
        return pendingMembers;
    }

    /** Whether a member with this type and these protocols could work with everybody in the group. */
    boolean supports(String type, Set<String> protocols) {
        if (members.isEmpty()) {
            return !type.isEmpty() && !protocols.isEmpty();
        }
        return type.equals(protocolType)
                && protocols.stream()
                        .anyMatch(name -> members.values().stream()
                                .allMatch(member -> member.protocolNames().contains(name)));
    }

    /** The protocol with the most votes: each member votes for its first choice among those that all know. */
    String preferredProtocol() {
        Set<String> candidates = new TreeSet<>();
        members.values().stream().findFirst().ifPresent(first -> candidates.addAll(first.protocolNames()));
        candidates.removeIf(name -> !isKnownToAll(name));
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (Member member : members.values()) {
            member.protocolNames().stream()
                    .filter(candidates::contains)
                    .findFirst()
                    .ifPresent(name -> votes.merge(name, 1, Integer::sum));
        }
        return votes.entrySet().stream()
                .reduce((best, other) -> other.getValue() > best.getValue() ? other : best)
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("no protocol is known to all members of " + id));
    }

    private boolean isKnownToAll(String protocol) {
        return members.values().stream()
                .allMatch(member -> member.protocolNames().contains(protocol));
    }

    /** How long a round lasts at most: as long as the most patient member allows. */
    int rebalanceTimeoutMs() {
        return members.values().stream()
                .mapToInt(Member::rebalanceTimeoutMs)
                .max()
                .orElse(0);
    }

    /** The topics that the members consume; empty when that is not known, as for groups that are not consumers. Computed at each call. */
    Optional<Set<String>> subscribedTopics() {
        if (!CONSUMER.equals(protocolType) || (protocolName == null && !members.isEmpty())) {
            return Optional.empty();
        }
        Set<String> all = new TreeSet<>();
        for (Member member : members.values()) {
            Set<String> topics = Subscription.topics(member.metadata(protocolName));
            if (topics == null) {
                return Optional.empty();
            }
            all.addAll(topics);
        }
        return Optional.of(all);
    }

    /** Nobody is here, nobody is coming, and nothing was ever decided. */
    boolean isUnused() {
        return state instanceof Empty && members.isEmpty() && pendingMembers.isEmpty() && generation == 0;
    }

    /** It may become a group of another kind. */
    boolean hasNobody() {
        return members.isEmpty() && pendingMembers.isEmpty();
    }

    void add(Member member, String type) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        if (leaderId == null) {
            leaderId = member.id();
        }
        members.put(member.id(), member);
        String instanceId = member.instanceId();
        if (instanceId != null) {
            staticMembers.put(instanceId, member.id());
        }
        pendingMembers.remove(member.id());
    }

    void remove(Member member) {
        members.remove(member.id());
        String instanceId = member.instanceId();
        if (instanceId != null) {
            staticMembers.remove(instanceId, member.id());
        }
        if (isLeader(member)) {
            leaderId = members.isEmpty() ? null : members.keySet().iterator().next();
        }
        switch (state) {
            case PreparingRebalance preparing -> preparing.joins().remove(member.id());
            case CompletingRebalance completing -> {
                completing.syncs().remove(member.id());
                completing.round().remove(member.id());
            }
            case GroupState.Stable stable -> stable.round().remove(member.id());
            case Empty ignored -> {}
        }
    }

    /** Puts a restarted static member in the place of its former self, the lead included. */
    void replace(Member old, Member reborn) {
        boolean wasLeader = isLeader(old);
        members.remove(old.id());
        members.put(reborn.id(), reborn);
        staticMembers.put(Objects.requireNonNull(reborn.instanceId()), reborn.id());
        if (wasLeader) {
            leaderId = reborn.id();
        }
        switch (state) {
            case CompletingRebalance completing -> completing.round().replace(old.id(), reborn.id());
            case GroupState.Stable stable -> stable.round().replace(old.id(), reborn.id());
            case PreparingRebalance ignored -> {}
            case Empty ignored -> {}
        }
    }

    void enter(GroupState newState, long nowMs) {
        state = newState;
        stateSinceMs = nowMs;
    }

    /** Keeps the lead where it is when that member has joined, else gives it to the first that has; false when nobody has. */
    boolean electLeader(PreparingRebalance preparing) {
        Set<String> joined = preparing.joins().keySet();
        if (leaderId != null && joined.contains(leaderId)) {
            return true;
        }
        if (joined.isEmpty()) {
            return false;
        }
        leaderId = joined.iterator().next();
        return true;
    }

    /** The next generation, of those who are members now. */
    void beginGeneration() {
        generation++;
        protocolName = members.isEmpty() ? null : preferredProtocol();
    }

    /** Takes over what the record of the last finished round says. */
    void restore(
            @Nullable String type,
            @Nullable String protocol,
            int restoredGeneration,
            @Nullable String restoredLeaderId) {
        protocolType = type;
        protocolName = protocol;
        generation = restoredGeneration;
        leaderId = restoredLeaderId;
    }
}
