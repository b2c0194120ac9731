package io.milena.groups;

import io.milena.groups.GroupState.Stable;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.record.OffsetCommitValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/** What people are told of groups: DescribeGroups 0-6 (v6: a group that does not exist is an error) and ListGroups 0-5 (v4 states, v5 types). */
final class GroupDescriptions {
    private static final int NOT_FOUND_VERSION = 6;
    private static final String CLASSIC = "classic";
    private static final String CONSUMER = "consumer";

    private GroupDescriptions() {}

    static DescribedGroup describe(Groups groups, String groupId, short apiVersion) {
        ClassicGroup group = groups.group(groupId);
        if (group == null) {
            return absent(
                    groupId,
                    groups.consumerGroup(groupId) == null
                            ? "Group " + groupId + " not found."
                            : "Group " + groupId + " is not a classic group.",
                    apiVersion);
        }
        boolean isStable = group.state() instanceof Stable;
        String protocol = isStable ? Objects.requireNonNullElse(group.protocolName(), "") : "";
        return DescribedGroup.builder()
                .groupId(groupId)
                .groupState(group.state().label())
                .protocolType(Objects.requireNonNullElse(group.protocolType(), ""))
                .protocolData(protocol)
                .members(group.members().stream()
                        .map(member -> described(member, protocol))
                        .toList())
                .build();
    }

    private static DescribedGroup absent(String groupId, String why, short apiVersion) {
        DescribedGroup.Builder dead = DescribedGroup.builder().groupId(groupId).groupState("Dead");
        return apiVersion < NOT_FOUND_VERSION
                ? dead.build()
                : dead.errorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                        .errorMessage(why)
                        .build();
    }

    /** What the member told its assignor is shown only where there is a chosen protocol. */
    private static DescribedGroupMember described(Member member, String protocol) {
        return DescribedGroupMember.builder()
                .memberId(member.id())
                .groupInstanceId(member.instanceId())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .memberMetadata(Bytes.view(member.metadata(protocol)))
                .memberAssignment(Bytes.view(member.assignment()))
                .build();
    }

    static List<ListedGroup> list(Groups groups, ListGroupsRequest request) {
        List<ListedGroup> all = new ArrayList<>();
        if (passes(CLASSIC, request.typesFilter())) {
            all.addAll(classic(groups, request));
        }
        if (passes(CONSUMER, request.typesFilter())) {
            all.addAll(consumer(groups, request));
        }
        all.sort(Comparator.comparing(ListedGroup::groupId));
        return all;
    }

    private static List<ListedGroup> consumer(Groups groups, ListGroupsRequest request) {
        return groups.allConsumerGroups().stream()
                .filter(group -> passes(group.state(), request.statesFilter()))
                .map(group -> ListedGroup.builder()
                        .groupId(group.id())
                        .protocolType(ClassicGroup.CONSUMER)
                        .groupState(group.state())
                        .groupType(CONSUMER)
                        .build())
                .toList();
    }

    private static List<ListedGroup> classic(Groups groups, ListGroupsRequest request) {
        return groups.all().stream()
                .filter(group -> passes(group.state().label(), request.statesFilter()))
                .map(group -> ListedGroup.builder()
                        .groupId(group.id())
                        .protocolType(Objects.requireNonNullElse(group.protocolType(), ""))
                        .groupState(group.state().label())
                        .groupType(CLASSIC)
                        .build())
                .toList();
    }

    static List<GroupSummary> summaries(Groups groups) {
        List<GroupSummary> all = new ArrayList<>();
        for (ClassicGroup group : groups.all()) {
            all.add(new GroupSummary(
                    group.id(),
                    group.state().label(),
                    group.members().size(),
                    offsets(groups.offsets().ofGroup(group.id()))));
        }
        for (ConsumerGroup group : groups.allConsumerGroups()) {
            all.add(new GroupSummary(
                    group.id(),
                    group.state(),
                    group.members().size(),
                    offsets(groups.offsets().ofGroup(group.id()))));
        }
        all.sort(Comparator.comparing(GroupSummary::groupId));
        return all;
    }

    private static List<GroupSummary.Offset> offsets(
            SortedMap<String, SortedMap<Integer, OffsetCommitValue>> committed) {
        List<GroupSummary.Offset> offsets = new ArrayList<>();
        committed.forEach((topic, partitions) -> partitions.forEach((partition, value) ->
                offsets.add(new GroupSummary.Offset(topic, value.topicId(), partition, value.offset()))));
        return List.copyOf(offsets);
    }

    private static boolean passes(String name, List<String> filter) {
        return filter.isEmpty() || filter.stream().anyMatch(name::equalsIgnoreCase);
    }
}
