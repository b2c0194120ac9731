package io.milena.groups;

import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.milena.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests as a consumer of the topic {@code orders} sends them; {@code toBuilder} makes others of them. */
final class Requests {
    private Requests() {}

    static JoinGroupRequest join(String group, String memberId, String... protocols) {
        return JoinGroupRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .protocolType("consumer")
                .sessionTimeoutMs(10_000)
                .rebalanceTimeoutMs(5_000)
                .protocols(Arrays.stream(protocols)
                        .map(name -> new JoinGroupRequestProtocol(name, subscription("orders")))
                        .toList())
                .build();
    }

    /** The bytes by which a consumer tells its assignor that it wants a topic. */
    static ByteBuffer subscription(String topic) {
        byte[] name = bytes(topic);
        return ByteBuffer.allocate(12 + name.length)
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) name.length)
                .put(name)
                .putInt(-1)
                .flip();
    }

    static SyncGroupRequest sync(String group, String memberId, int generation, String... assigned) {
        return SyncGroupRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .generationId(generation)
                .protocolType("consumer")
                .protocolName("range")
                .assignments(Arrays.stream(assigned)
                        .map(id -> new SyncGroupRequestAssignment(id, ByteBuffer.wrap(bytes("for " + id))))
                        .toList())
                .build();
    }

    static HeartbeatRequest heartbeat(String group, String memberId, int generation) {
        return HeartbeatRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .generationId(generation)
                .build();
    }

    static LeaveGroupRequest leave(String group, String memberId, @Nullable String instanceId) {
        return LeaveGroupRequest.builder()
                .groupId(group)
                .members(List.of(new MemberIdentity(memberId, instanceId, null)))
                .build();
    }

    static OffsetCommitRequest commit(String group, String memberId, int generation, String topic, long offset) {
        return commit(group, memberId, generation, topic, offset, "");
    }

    static OffsetCommitRequest commit(
            String group, String memberId, int generation, String topic, long offset, @Nullable String metadata) {
        OffsetCommitRequestPartition partition = OffsetCommitRequestPartition.builder()
                .partitionIndex(0)
                .committedOffset(offset)
                .committedMetadata(metadata)
                .build();
        return OffsetCommitRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .generationIdOrMemberEpoch(generation)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(topic)
                        .partitions(List.of(partition))
                        .build()))
                .build();
    }

    static OffsetDeleteRequest deleteOffset(String group, String topic) {
        return OffsetDeleteRequest.builder()
                .groupId(group)
                .topics(List.of(new OffsetDeleteRequestTopic(topic, List.of(new OffsetDeleteRequestPartition(0)))))
                .build();
    }

    static OffsetFetchRequestGroup fetch(String group, String topic, Integer... partitions) {
        return OffsetFetchRequestGroup.builder()
                .groupId(group)
                .topics(List.of(OffsetFetchRequestTopics.builder()
                        .name(topic)
                        .partitionIndexes(List.of(partitions))
                        .build()))
                .build();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
