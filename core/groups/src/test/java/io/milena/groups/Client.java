package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.WireWriter;
import io.milena.protocol.message.DeleteGroupsResponse;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetDeleteResponse;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;

/** Asks a shard on behalf of a test, and keeps the answers until the test looks at them. Each can be written in its version. */
final class Client implements ShardHost.Listener {
    private final ShardHost host;
    private final Map<Long, Short> versions = new HashMap<>();
    private final Map<Long, ApiMessage> answers = new HashMap<>();
    private long tokens;

    Client(GroupSettings settings) {
        this.host = new ShardHost(settings, this);
    }

    ShardHost host() {
        return host;
    }

    JoinGroupResponse join(int version, JoinGroupRequest request) {
        return answer(joinLater(version, request), JoinGroupResponse.class);
    }

    long joinLater(int version, JoinGroupRequest request) {
        RequestContext context = context(version);
        host.handle(new Command.JoinGroup(context, request, new UUID(0, context.token())));
        return context.token();
    }

    SyncGroupResponse sync(int version, SyncGroupRequest request) {
        RequestContext context = context(version);
        host.handle(new Command.SyncGroup(context, request));
        return answer(context.token(), SyncGroupResponse.class);
    }

    ErrorCode heartbeat(HeartbeatRequest request) {
        RequestContext context = context(4);
        host.handle(new Command.Heartbeat(context, request));
        return ErrorCode.of(answer(context.token(), HeartbeatResponse.class).errorCode());
    }

    LeaveGroupResponse leave(int version, LeaveGroupRequest request) {
        RequestContext context = context(version);
        host.handle(new Command.LeaveGroup(context, request));
        return answer(context.token(), LeaveGroupResponse.class);
    }

    /** The error of the first partition. */
    ErrorCode commit(int version, OffsetCommitRequest request) {
        RequestContext context = context(version);
        host.handle(new Command.CommitOffsets(context, request));
        OffsetCommitResponse response = answer(context.token(), OffsetCommitResponse.class);
        return ErrorCode.of(response.topics().getFirst().partitions().getFirst().errorCode());
    }

    OffsetDeleteResponse deleteOffset(OffsetDeleteRequest request) {
        RequestContext context = context(0);
        host.handle(new Command.DeleteOffsets(context, request));
        return answer(context.token(), OffsetDeleteResponse.class);
    }

    ErrorCode deleteGroup(String groupId) {
        RequestContext context = context(2);
        host.handle(new Command.DeleteGroup(context, groupId));
        DeleteGroupsResponse response = answer(context.token(), DeleteGroupsResponse.class);
        return ErrorCode.of(response.results().getFirst().errorCode());
    }

    <T extends ApiMessage> T answer(long token, Class<T> type) {
        ApiMessage answer = answers.remove(token);
        if (answer == null) {
            throw new NoSuchElementException("no answer to request " + token);
        }
        return type.cast(answer);
    }

    private RequestContext context(int version) {
        versions.put(++tokens, (short) version);
        return new RequestContext(tokens, (short) version, "probe", "/127.0.0.1");
    }

    @Override
    public void appended(CoordinatorRecord record) {}

    @Override
    public void noted(String text) {}

    @Override
    public void replied(long token, ApiMessage response) {
        Short version = versions.get(token);
        assertNotNull(version);
        response.write(new WireWriter(), version);
        assertNull(answers.put(token, response), "answered twice");
    }
}
