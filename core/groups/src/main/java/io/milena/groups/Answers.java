package io.milena.groups;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.DeleteGroupsResponse.DeletableGroupResult;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import io.milena.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.LeaveGroupResponse.MemberResponse;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The responses, put together. */
final class Answers {
    private static final int PROTOCOL_NAME_NULLABLE_VERSION = 7;

    private Answers() {}

    /** The generation that the member is in; only the leader is told who else is. */
    static JoinGroupResponse joined(ClassicGroup group, Member member, RequestContext context) {
        return joined(group, member, context, group.leaderId(), group.isLeader(member))
                .build();
    }

    /**
     * To a restarted static member whose generation goes on. A client that knows about it is told that it leads and need not assign; an
     * older one must not learn that it leads, or it would assign.
     */
    static JoinGroupResponse reborn(
            ClassicGroup group, Member member, @Nullable String leaderBefore, RequestContext context) {
        if (!JoinGroupHandler.canSkipAssignment(context)) {
            return joined(group, member, context, leaderBefore, false).build();
        }
        boolean isLeader = group.isLeader(member);
        return joined(group, member, context, group.leaderId(), isLeader)
                .skipAssignment(isLeader)
                .build();
    }

    private static JoinGroupResponse.Builder joined(
            ClassicGroup group, Member member, RequestContext context, @Nullable String leaderId, boolean tellMembers) {
        return JoinGroupResponse.builder()
                .generationId(group.generation())
                .protocolType(group.protocolType())
                .protocolName(protocolName(group.protocolName(), context))
                .leader(Objects.requireNonNullElse(leaderId, ""))
                .memberId(member.id())
                .members(tellMembers ? members(group) : List.of());
    }

    private static List<JoinGroupResponseMember> members(ClassicGroup group) {
        return group.members().stream()
                .map(member -> JoinGroupResponseMember.builder()
                        .memberId(member.id())
                        .groupInstanceId(member.instanceId())
                        .metadata(Bytes.view(member.metadata(group.protocolName())))
                        .build())
                .toList();
    }

    static JoinGroupResponse joinRefused(RequestContext context, String memberId, ErrorCode error) {
        return JoinGroupResponse.builder()
                .errorCode(error.code())
                .protocolName(protocolName(null, context))
                .memberId(memberId)
                .build();
    }

    private static @Nullable String protocolName(@Nullable String name, RequestContext context) {
        return name == null && context.apiVersion() < PROTOCOL_NAME_NULLABLE_VERSION ? "" : name;
    }

    static SyncGroupResponse synced(ClassicGroup group, Member member) {
        return SyncGroupResponse.builder()
                .protocolType(group.protocolType())
                .protocolName(group.protocolName())
                .assignment(Bytes.view(member.assignment()))
                .build();
    }

    static SyncGroupResponse syncRefused(ErrorCode error) {
        return SyncGroupResponse.builder().errorCode(error.code()).build();
    }

    static HeartbeatResponse heartbeat(ErrorCode error) {
        return HeartbeatResponse.builder().errorCode(error.code()).build();
    }

    static LeaveGroupResponse left(List<MemberIdentity> leaving, List<ErrorCode> errors) {
        List<MemberResponse> members = new ArrayList<>();
        for (int i = 0; i < leaving.size(); i++) {
            members.add(MemberResponse.builder()
                    .memberId(leaving.get(i).memberId())
                    .groupInstanceId(leaving.get(i).groupInstanceId())
                    .errorCode(errors.get(i).code())
                    .build());
        }
        return LeaveGroupResponse.builder().members(members).build();
    }

    static LeaveGroupResponse leaveRefused(ErrorCode error) {
        return LeaveGroupResponse.builder().errorCode(error.code()).build();
    }

    static OffsetCommitResponse committed(List<OffsetCommitResponseTopic> topics) {
        return OffsetCommitResponse.builder().topics(topics).build();
    }

    static OffsetDeleteResponse deleteOffsetsRefused(ErrorCode error) {
        return OffsetDeleteResponse.builder().errorCode(error.code()).build();
    }

    static DeleteGroupsResponse deleted(String groupId, ErrorCode error) {
        DeletableGroupResult result = DeletableGroupResult.builder()
                .groupId(groupId)
                .errorCode(error.code())
                .build();
        return DeleteGroupsResponse.builder().results(List.of(result)).build();
    }
}
