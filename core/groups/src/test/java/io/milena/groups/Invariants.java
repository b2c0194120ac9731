package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.groups.GroupState.CompletingRebalance;
import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.PreparingRebalance;
import io.milena.groups.GroupState.Stable;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.record.GroupMetadataValue;
import java.util.HashMap;
import java.util.Map;

/** What is true of a shard whatever happens to it. */
final class Invariants {
    private final ShardHost host;

    /** Group to its highest generation, in the life of this shard and in the log. */
    private final Map<String, Integer> generations = new HashMap<>();

    private final Map<String, Integer> recordedGenerations = new HashMap<>();

    /** The leader that was told to assign, by group and generation. */
    private final Map<Round, String> leaders = new HashMap<>();

    private record Round(String groupId, int generation) {}

    Invariants(ShardHost host) {
        this.host = host;
    }

    /** A new shard: rounds that were not recorded are forgotten, and their numbers may be used again. */
    void forgetRounds() {
        generations.clear();
        leaders.clear();
    }

    void appended(StoredRecord record) {
        if (record instanceof StoredRecord.Group group) {
            GroupMetadataValue value = group.value();
            if (value == null) {
                recordedGenerations.remove(group.groupId());
            } else {
                int before = recordedGenerations.getOrDefault(group.groupId(), 0);
                assertTrue(value.generation() >= before, "generations in the log never go back");
                recordedGenerations.put(group.groupId(), value.generation());
            }
        }
    }

    void replied(ApiMessage response, GroupShard shard) {
        if (response instanceof JoinGroupResponse join && !join.members().isEmpty() && !join.skipAssignment()) {
            assertEquals(join.memberId(), join.leader(), "only a leader is told the members");
            String groupId = shard.groups().all().stream()
                    .filter(group -> group.member(join.memberId()) != null)
                    .map(ClassicGroup::id)
                    .findFirst()
                    .orElseThrow();
            Round round = new Round(groupId, join.generationId());
            String leader = leaders.merge(round, join.memberId(), (first, second) -> first);
            assertEquals(leader, join.memberId(), "one leader for each generation");
        }
    }

    int waitingRequests() {
        return host.shard().groups().all().stream()
                .mapToInt(group -> switch (group.state()) {
                    case PreparingRebalance preparing -> preparing.joins().size();
                    case CompletingRebalance completing -> completing.syncs().size();
                    case Stable ignored -> 0;
                    case Empty ignored -> 0;
                })
                .sum();
    }

    void check() {
        host.shard().groups().all().forEach(this::check);
    }

    void checkAgainstTheLog() {
        GroupShard loaded = host.fromLog();
        assertEquals(loaded.groups().stored(), host.shard().groups().stored(), "the log tells what is stored");
        assertEquals(
                loaded.groups().offsets().toString(),
                host.shard().groups().offsets().toString(),
                "the log tells the offsets");
    }

    private void check(ClassicGroup group) {
        int before = generations.getOrDefault(group.id(), 0);
        assertTrue(group.generation() >= before, "generations never go back");
        generations.put(group.id(), group.generation());
        String leaderId = group.leaderId();
        assertEquals(group.members().isEmpty(), leaderId == null, "who has members has a leader");
        assertTrue(leaderId == null || group.member(leaderId) != null, "the leader is a member");
        for (Member member : group.members()) {
            String instanceId = member.instanceId();
            assertTrue(instanceId == null || member.id().equals(group.staticMemberId(instanceId)));
            assertFalse(group.pendingMembers().containsKey(member.id()), "a member is not pending");
        }
        switch (group.state()) {
            case Empty ignored -> assertTrue(group.members().isEmpty());
            case PreparingRebalance preparing -> {
                preparing.joins().keySet().forEach(id -> assertNotNull(group.member(id)));
                assertTimer(new TimerKey.JoinRound(group.id()));
            }
            case CompletingRebalance completing -> {
                assertFalse(group.members().isEmpty());
                completing.syncs().keySet().forEach(id -> assertNotNull(group.member(id)));
                assertFalse(completing.round().isComplete(), "the leader's sync would have ended the round");
                assertTimer(new TimerKey.SyncRound(group.id()));
            }
            case Stable stable -> checkStable(group, stable);
        }
    }

    private void checkStable(ClassicGroup group, Stable stable) {
        assertFalse(group.members().isEmpty());
        GroupMetadataValue stored = host.shard().groups().stored().get(group.id());
        assertNotNull(stored);
        GroupMetadataValue now = StoredGroup.of(group);
        assertEquals(
                now.toBuilder()
                        .currentStateTimestamp(stored.currentStateTimestamp())
                        .build(),
                stored,
                "a stable group is recorded as it is");
        group.members().forEach(member -> assertTimer(new TimerKey.Session(group.id(), member.id())));
        if (!stable.round().isComplete()) {
            assertTimer(new TimerKey.SyncRound(group.id()));
        }
    }

    private void assertTimer(TimerKey key) {
        assertTrue(host.timers().containsKey(key), key + " has no timer");
    }
}
