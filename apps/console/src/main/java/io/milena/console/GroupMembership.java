package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.milena.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One member of a classic consumer group: joins, gets its partitions, says that it lives, leaves. Used under the lock of its owner, but for {@link #heartbeat()}. */
final class GroupMembership {
    private static final String TYPE = "consumer";
    private static final int TRIES_MAX = 10;
    private static final int REBALANCE_TIMEOUT_MS = 60_000;

    private final Cluster cluster;
    private final String groupId;
    private final List<String> topics;
    private final int sessionTimeoutMs;
    private volatile String memberId = "";
    private volatile int generation = -1;

    GroupMembership(Cluster cluster, String groupId, List<String> topics, int sessionTimeoutMs) {
        this.cluster = cluster;
        this.groupId = groupId;
        this.topics = List.copyOf(topics);
        this.sessionTimeoutMs = sessionTimeoutMs;
    }

    String memberId() {
        return memberId;
    }

    int generation() {
        return generation;
    }

    private int coordinator() throws BadRequest {
        return cluster.coordinator(Cluster.Coordinator.GROUP, groupId);
    }

    /** Waits until all members have joined, and answers the partitions of this one by topic. */
    Map<String, List<Integer>> join() throws BadRequest {
        short error = ErrorCode.NONE.code();
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            JoinGroupResponse joined = cluster.ask(coordinator(), joinRequest(), JoinGroupResponse.class);
            error = joined.errorCode();
            if (error == ErrorCode.NONE.code()) {
                memberId = joined.memberId();
                generation = joined.generationId();
                SyncGroupResponse synced = cluster.ask(coordinator(), syncRequest(joined), SyncGroupResponse.class);
                error = synced.errorCode();
                if (error == ErrorCode.NONE.code()) {
                    return ConsumerProtocol.assignment(synced.assignment());
                }
            }
            if (error == ErrorCode.MEMBER_ID_REQUIRED.code()) {
                memberId = joined.memberId();
            } else if (error == ErrorCode.UNKNOWN_MEMBER_ID.code()) {
                memberId = "";
            } else if (!ErrorCode.of(error).isRetriable() && error != ErrorCode.REBALANCE_IN_PROGRESS.code()) {
                break;
            }
        }
        Cluster.check(
                error,
                error == ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code()
                        ? "The members of group " + groupId + " use another protocol (group.protocol=consumer), or"
                                + " another assignor than range: consumers over HTTP cannot be among them."
                        : null);
        throw new BadRequest(503, "The group does not come to rest.");
    }

    private JoinGroupRequest joinRequest() {
        return JoinGroupRequest.builder()
                .groupId(groupId)
                .sessionTimeoutMs(sessionTimeoutMs)
                .rebalanceTimeoutMs(REBALANCE_TIMEOUT_MS)
                .memberId(memberId)
                .protocolType(TYPE)
                .protocols(List.of(
                        new JoinGroupRequestProtocol(RangeAssignment.NAME, ConsumerProtocol.subscription(topics))))
                .build();
    }

    private SyncGroupRequest syncRequest(JoinGroupResponse joined) throws BadRequest {
        List<SyncGroupRequestAssignment> assignments = List.of();
        if (joined.leader().equals(joined.memberId())) {
            Map<String, List<String>> subscriptions = joined.members().stream()
                    .collect(Collectors.toMap(
                            JoinGroupResponse.JoinGroupResponseMember::memberId,
                            member -> ConsumerProtocol.subscription(member.metadata())));
            Map<String, Integer> partitions = new TreeMap<>();
            for (List<String> wanted : subscriptions.values()) {
                for (String topic : wanted) {
                    MetadataResponseTopic known = cluster.topicIfThere(topic);
                    if (known != null) {
                        partitions.put(topic, known.partitions().size());
                    }
                }
            }
            assignments = RangeAssignment.of(subscriptions, partitions).entrySet().stream()
                    .map(each ->
                            new SyncGroupRequestAssignment(each.getKey(), ConsumerProtocol.assignment(each.getValue())))
                    .toList();
        }
        return SyncGroupRequest.builder()
                .groupId(groupId)
                .generationId(joined.generationId())
                .memberId(joined.memberId())
                .protocolType(joined.protocolType())
                .protocolName(joined.protocolName())
                .assignments(assignments)
                .build();
    }

    /** Says that the member lives; false if it has to join again. */
    boolean heartbeat() throws BadRequest {
        HeartbeatRequest request = HeartbeatRequest.builder()
                .groupId(groupId)
                .generationId(generation)
                .memberId(memberId)
                .build();
        return cluster.ask(coordinator(), request, HeartbeatResponse.class).errorCode() == ErrorCode.NONE.code();
    }

    void leave() throws BadRequest {
        LeaveGroupRequest request = LeaveGroupRequest.builder()
                .groupId(groupId)
                .members(List.of(MemberIdentity.builder()
                        .memberId(memberId)
                        .reason("the consumer over HTTP is being closed")
                        .build()))
                .build();
        cluster.ask(coordinator(), request, LeaveGroupResponse.class);
    }
}
