package io.milena.groups;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.milena.protocol.message.SyncGroupResponse;
import io.milena.protocol.record.GroupMetadataValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decisions in a few words. Member ids are written {@code client#number}. */
final class Transcript {
    private static final String UUID_ZEROES = "-00000000-0000-0000-0000-";

    private Transcript() {}

    static String memberId(String shortened) {
        String[] parts = shortened.split("#");
        return parts.length == 1
                ? shortened
                : parts[0] + UUID_ZEROES + String.format("%012x", Integer.parseInt(parts[1]));
    }

    private static String shortened(String memberId) {
        return withShortIds(memberId);
    }

    static String withShortIds(String text) {
        return Pattern.compile(UUID_ZEROES + "([0-9a-f]{12})")
                .matcher(text)
                .replaceAll(match -> "#" + Integer.parseInt(match.group(1), 16));
    }

    static String of(ApiMessage response) {
        return switch (response) {
            case JoinGroupResponse join -> joined(join);
            case SyncGroupResponse sync ->
                sync.errorCode() == 0 ? "synced " + text(sync.assignment()) : "sync: " + error(sync.errorCode());
            case HeartbeatResponse heartbeat -> "heartbeat: " + error(heartbeat.errorCode());
            case LeaveGroupResponse leave ->
                "leave: "
                        + error(leave.errorCode())
                        + leave.members().stream()
                                .map(member -> " " + error(member.errorCode()))
                                .collect(Collectors.joining());
            case OffsetCommitResponse commit ->
                "commit:"
                        + commit.topics().stream()
                                .flatMap(topic -> topic.partitions().stream())
                                .map(partition -> " " + error(partition.errorCode()))
                                .collect(Collectors.joining());
            default -> response.toString();
        };
    }

    private static String joined(JoinGroupResponse join) {
        if (join.errorCode() != 0) {
            return "join: " + error(join.errorCode())
                    + (join.memberId().isEmpty() ? "" : " " + shortened(join.memberId()));
        }
        String members = join.members().stream()
                .map(member -> " " + shortened(member.memberId()))
                .collect(Collectors.joining());
        return "joined as " + shortened(join.memberId()) + ", generation " + join.generationId() + ", "
                + join.protocolName()
                + ", leader " + shortened(join.leader()) + (members.isEmpty() ? "" : ", members" + members)
                + (join.skipAssignment() ? ", skip assignment" : "");
    }

    static String of(DescribedGroup group) {
        return group.groupState() + " " + group.protocolData()
                + group.members().stream()
                        .map(member -> " " + shortened(member.memberId()) + "=" + text(member.memberAssignment()))
                        .collect(Collectors.joining());
    }

    static String of(OffsetFetchResponseGroup group) {
        return "offsets"
                + group.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(each -> " " + topic.name() + "-" + each.partitionIndex() + "="
                                        + each.committedOffset()))
                        .collect(Collectors.joining());
    }

    static String of(StoredRecord record) {
        return switch (record) {
            case StoredRecord.Offset offset ->
                offset.topic() + "-" + offset.partition() + "="
                        + (offset.value() == null ? "gone" : offset.value().offset());
            case StoredRecord.Group group -> group.value() == null ? "group gone" : stored(group.value());
            case StoredRecord.OfConsumerGroup of -> of.groupId() + " " + of.change();
            case StoredRecord.Unknown unknown -> unknown.toString();
        };
    }

    private static String stored(GroupMetadataValue value) {
        return "generation " + value.generation()
                + value.members().stream()
                        .map(member -> " " + shortened(member.memberId()) + "=" + text(member.assignment()))
                        .collect(Collectors.joining());
    }

    private static String error(short code) {
        return ErrorCode.of(code).name();
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
