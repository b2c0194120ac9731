package io.milena.groups;

import io.milena.groups.GroupState.Empty;
import io.milena.groups.GroupState.Stable;
import io.milena.groups.GroupState.SyncRound;
import io.milena.protocol.record.GroupMetadataValue;
import io.milena.protocol.record.GroupMetadataValue.MemberMetadata;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A group as its record tells it: the last finished round. */
final class StoredGroup {
    private StoredGroup() {}

    static GroupMetadataValue of(ClassicGroup group) {
        return GroupMetadataValue.builder()
                .protocolType(Objects.requireNonNullElse(group.protocolType(), ""))
                .generation(group.generation())
                .protocol(group.protocolName())
                .leader(group.leaderId())
                .currentStateTimestamp(group.stateSinceMs())
                .members(group.members().stream()
                        .map(member -> member(member, group.protocolName()))
                        .toList())
                .build();
    }

    private static MemberMetadata member(Member member, @Nullable String protocol) {
        return MemberMetadata.builder()
                .memberId(member.id())
                .groupInstanceId(member.instanceId())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .rebalanceTimeout(member.rebalanceTimeoutMs())
                .sessionTimeout(member.sessionTimeoutMs())
                .subscription(Bytes.view(member.metadata(protocol)))
                .assignment(Bytes.view(member.assignment()))
                .build();
    }

    /** The group as it is after loading. Of each member's protocols only the chosen one is known. */
    static ClassicGroup restore(String groupId, GroupMetadataValue value) {
        ClassicGroup group = new ClassicGroup(groupId, value.currentStateTimestamp());
        String type = value.protocolType();
        value.members().forEach(member -> group.add(restore(member, value.protocol()), type));
        group.restore(type.isEmpty() ? null : type, value.protocol(), value.generation(), value.leader());
        group.enter(
                value.members().isEmpty() ? new Empty() : new Stable(SyncRound.complete()),
                value.currentStateTimestamp());
        return group;
    }

    private static Member restore(MemberMetadata value, @Nullable String protocol) {
        int rebalanceTimeoutMs = value.rebalanceTimeout() < 0 ? value.sessionTimeout() : value.rebalanceTimeout();
        Map<String, byte[]> protocols =
                protocol == null ? Map.of() : Map.of(protocol, Bytes.copy(value.subscription()));
        Member member = new Member(
                value.memberId(),
                value.groupInstanceId(),
                value.clientId(),
                value.clientHost(),
                new Member.Terms(rebalanceTimeoutMs, value.sessionTimeout(), protocols));
        member.assign(Bytes.copy(value.assignment()));
        return member;
    }
}
