package io.milena.cli.demo;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.WireReader;
import io.milena.protocol.WireWriter;
import io.milena.protocol.message.ConsumerProtocolAssignment;
import io.milena.protocol.message.ConsumerProtocolAssignment.TopicPartition;
import io.milena.protocol.message.ConsumerProtocolSubscription;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.milena.protocol.message.SyncGroupResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One member's part in the classic protocol of consumer groups: join, take or give out partitions, be heard of, commit. Used by one thread. */
final class Membership {
    private static final int VERSION_MAX = 8;
    private static final short PROTOCOL_VERSION = 0;
    private static final int REBALANCE_MS = 5_000;

    private final String name;
    private final String group;
    private final int sessionMs;
    private String id = "";
    private int generation = -1;

    Membership(String name, String group, int sessionMs) {
        this.name = name;
        this.group = group;
        this.sessionMs = sessionMs;
    }

    /** Joins, or joins again; the partitions that this member has from now on. Empty too where the others are to be waited for once more. */
    List<Integer> join(ClusterClient client) throws IOException {
        ByteBuffer subscription = encoded(ConsumerProtocolSubscription.builder()
                .topics(List.of(Orders.TOPIC))
                .userData(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)))
                .build());
        JoinGroupRequest request = JoinGroupRequest.builder()
                .groupId(group)
                .sessionTimeoutMs(sessionMs)
                .rebalanceTimeoutMs(REBALANCE_MS)
                .memberId(id)
                .protocolType("consumer")
                .protocols(List.of(new JoinGroupRequestProtocol("range", subscription)))
                .build();
        JoinGroupResponse joined = client.sendToCoordinator(group, request, VERSION_MAX, JoinGroupResponse.class);
        ErrorCode error = ErrorCode.of(joined.errorCode());
        if (error == ErrorCode.MEMBER_ID_REQUIRED) {
            id = joined.memberId();
            return join(client);
        }
        if (error == ErrorCode.UNKNOWN_MEMBER_ID) {
            id = "";
        }
        ClusterClient.check(joined.errorCode(), "member " + name);
        id = joined.memberId();
        generation = joined.generationId();
        return sync(client, joined.leader().equals(id) ? assignments(joined) : List.of());
    }

    private List<Integer> sync(ClusterClient client, List<SyncGroupRequestAssignment> assignments) throws IOException {
        SyncGroupRequest request = SyncGroupRequest.builder()
                .groupId(group)
                .generationId(generation)
                .memberId(id)
                .protocolType("consumer")
                .protocolName("range")
                .assignments(assignments)
                .build();
        SyncGroupResponse synced = client.sendToCoordinator(group, request, VERSION_MAX, SyncGroupResponse.class);
        ClusterClient.check(synced.errorCode(), "member " + name);
        WireReader in = new WireReader(synced.assignment().duplicate());
        return ConsumerProtocolAssignment.read(in, in.int16()).assignedPartitions().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    /** Each gets a range of partitions, in the order of the members' names. */
    private static List<SyncGroupRequestAssignment> assignments(JoinGroupResponse joined) {
        var members = joined.members().stream()
                .sorted(Comparator.comparing(member -> nameIn(member.metadata())))
                .toList();
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < members.size(); i++) {
            List<Integer> range = new ArrayList<>();
            int left = members.size() - i;
            for (int end = next + (Orders.PARTITIONS - next + left - 1) / left; next < end; next++) {
                range.add(next);
            }
            assignments.add(new SyncGroupRequestAssignment(
                    members.get(i).memberId(),
                    encoded(ConsumerProtocolAssignment.builder()
                            .assignedPartitions(List.of(new TopicPartition(Orders.TOPIC, range)))
                            .build())));
        }
        return assignments;
    }

    private static String nameIn(ByteBuffer subscription) {
        WireReader in = new WireReader(subscription.duplicate());
        ByteBuffer data = ConsumerProtocolSubscription.read(in, in.int16()).userData();
        return data == null
                ? ""
                : StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }

    private static ByteBuffer encoded(Message message) {
        WireWriter out = new WireWriter();
        out.int16(PROTOCOL_VERSION);
        message.write(out, PROTOCOL_VERSION);
        return out.toBuffer();
    }

    /** Whether the member may go on; if not, it is to join again. */
    boolean beat(ClusterClient client) throws IOException {
        HeartbeatRequest request = HeartbeatRequest.builder()
                .groupId(group)
                .generationId(generation)
                .memberId(id)
                .build();
        return mayGoOn(client.sendToCoordinator(group, request, VERSION_MAX, HeartbeatResponse.class)
                .errorCode());
    }

    /** Whether {@code next} is where the group goes on now. */
    boolean commit(ClusterClient client, int partition, long next) throws IOException {
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(generation)
                .memberId(id)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(Orders.TOPIC)
                        .partitions(List.of(OffsetCommitRequestPartition.builder()
                                .partitionIndex(partition)
                                .committedOffset(next)
                                .build()))
                        .build()))
                .build();
        return mayGoOn(client.sendToCoordinator(group, request, VERSION_MAX, OffsetCommitResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode());
    }

    private boolean mayGoOn(short code) {
        ErrorCode error = ErrorCode.of(code);
        if (error == ErrorCode.UNKNOWN_MEMBER_ID) {
            id = "";
        }
        if (error == ErrorCode.UNKNOWN_MEMBER_ID
                || error == ErrorCode.ILLEGAL_GENERATION
                || error == ErrorCode.REBALANCE_IN_PROGRESS) {
            return false;
        }
        ClusterClient.check(code, "member " + name);
        return true;
    }
}
