package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeRequest;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A group as its coordinator describes it, whichever protocol its members speak.
 *
 * @param type {@code classic}, or {@code consumer} where the coordinator assigns the partitions (KIP-848)
 * @param assignor empty while none is chosen
 */
record GroupDescription(
        String id,
        String type,
        String state,
        String protocolType,
        String assignor,
        List<GroupDescription.Member> members) {
    private static final String CLASSIC = "classic";
    private static final String CONSUMER = "consumer";

    /**
     * One of its members.
     *
     * @param assignment the partitions that it has, by topic
     * @param target the partitions that it shall have
     * @param isReconciling whether it has still to let go of some, to get some, or to hear of it
     */
    record Member(
            String id,
            @Nullable String instanceId,
            String clientId,
            String host,
            Map<String, List<Integer>> assignment,
            Map<String, List<Integer>> target,
            boolean isReconciling) {}

    /** @throws BadRequest if there is no such group */
    static GroupDescription ask(Cluster cluster, String groupId) throws BadRequest {
        DescribedGroup classic = cluster.ask(
                        Cluster.Coordinator.GROUP,
                        groupId,
                        DescribeGroupsRequest.builder().groups(List.of(groupId)).build(),
                        DescribeGroupsResponse.class)
                .groups()
                .getFirst();
        if (classic.errorCode() != ErrorCode.GROUP_ID_NOT_FOUND.code()) {
            Cluster.check(classic.errorCode(), classic.errorMessage());
            return of(classic);
        }
        ConsumerGroupDescribeResponse.DescribedGroup other = cluster.ask(
                        Cluster.Coordinator.GROUP,
                        groupId,
                        ConsumerGroupDescribeRequest.builder()
                                .groupIds(List.of(groupId))
                                .build(),
                        ConsumerGroupDescribeResponse.class)
                .groups()
                .getFirst();
        Cluster.check(
                other.errorCode(),
                other.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code()
                        ? "Group " + groupId + " not found."
                        : other.errorMessage());
        return of(other);
    }

    private static GroupDescription of(DescribedGroup group) {
        return new GroupDescription(
                group.groupId(),
                CLASSIC,
                group.groupState(),
                group.protocolType(),
                group.protocolData(),
                group.members().stream().map(GroupDescription::of).toList());
    }

    private static Member of(DescribedGroupMember member) {
        Map<String, List<Integer>> assignment = ConsumerProtocol.assignment(member.memberAssignment());
        return new Member(
                member.memberId(),
                member.groupInstanceId(),
                member.clientId(),
                member.clientHost(),
                assignment,
                assignment,
                false);
    }

    private static GroupDescription of(ConsumerGroupDescribeResponse.DescribedGroup group) {
        return new GroupDescription(
                group.groupId(),
                CONSUMER,
                group.groupState(),
                CONSUMER,
                group.assignorName(),
                group.members().stream()
                        .map(member -> of(member, group.assignmentEpoch()))
                        .toList());
    }

    /** A member that has to let go of partitions keeps its epoch until it has. */
    private static Member of(ConsumerGroupDescribeResponse.Member member, int assignmentEpoch) {
        Map<String, List<Integer>> assignment = byTopic(member.assignment());
        Map<String, List<Integer>> target = byTopic(member.targetAssignment());
        return new Member(
                member.memberId(),
                member.instanceId(),
                member.clientId(),
                member.clientHost(),
                assignment,
                target,
                member.memberEpoch() < assignmentEpoch || !assignment.equals(target));
    }

    private static Map<String, List<Integer>> byTopic(ConsumerGroupDescribeResponse.Assignment assignment) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        assignment
                .topicPartitions()
                .forEach(each -> byTopic.computeIfAbsent(each.topicName(), topic -> new ArrayList<>())
                        .addAll(each.partitions()));
        byTopic.values().forEach(partitions -> partitions.sort(null));
        return byTopic;
    }
}
