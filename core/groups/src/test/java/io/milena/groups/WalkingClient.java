package io.milena.groups;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A consumer as the random walk knows it: it follows the protocol one step at a time, and forgets all when its process is restarted. */
final class WalkingClient {
    private static final int SESSION_MS = 10_000;
    private static final int REBALANCE_MS = 20_000;

    private final String name;
    private final String group;
    private final @Nullable String instanceId;
    private final short joinVersion;
    private String memberId = "";
    private int generation = -1;
    private boolean hasAssignment;
    private List<String> toAssign = List.of();
    private boolean needsJoin = true;

    WalkingClient(String name, String group, @Nullable String instanceId, short joinVersion) {
        this.name = name;
        this.group = group;
        this.instanceId = instanceId;
        this.joinVersion = joinVersion;
    }

    String name() {
        return name;
    }

    String group() {
        return group;
    }

    short joinVersion() {
        return joinVersion;
    }

    boolean hasAssignment() {
        return hasAssignment;
    }

    int generation() {
        return generation;
    }

    String memberId() {
        return memberId;
    }

    /** Its process is restarted; a static one keeps its name. */
    void forget() {
        memberId = "";
        generation = -1;
        hasAssignment = false;
        needsJoin = true;
    }

    /** What it sends next. */
    Command next(long token, UUID uuid) {
        if (needsJoin) {
            return new Command.JoinGroup(
                    context(token, joinVersion),
                    Requests.join(group, memberId, "range", "sticky").toBuilder()
                            .groupInstanceId(instanceId)
                            .sessionTimeoutMs(SESSION_MS)
                            .rebalanceTimeoutMs(REBALANCE_MS)
                            .build(),
                    uuid);
        }
        if (!hasAssignment) {
            return new Command.SyncGroup(context(token, (short) 4), sync());
        }
        return new Command.Heartbeat(
                context(token, (short) 4),
                Requests.heartbeat(group, memberId, generation).toBuilder()
                        .groupInstanceId(instanceId)
                        .build());
    }

    private SyncGroupRequest sync() {
        return Requests.sync(group, memberId, generation, toAssign.toArray(String[]::new)).toBuilder()
                .groupInstanceId(instanceId)
                .protocolType(null)
                .protocolName(null)
                .build();
    }

    OffsetCommitRequest commit(long offset) {
        return Requests.commit(group, memberId, generation, "orders", offset).toBuilder()
                .groupInstanceId(instanceId)
                .build();
    }

    static RequestContext context(long token, short version) {
        return new RequestContext(token, version, "client", "/127.0.0.1");
    }

    /** Takes an answer as Kafka's client takes it. */
    void take(ApiMessage response) {
        switch (response) {
            case JoinGroupResponse join -> joined(join);
            case SyncGroupResponse sync -> synced(sync);
            case HeartbeatResponse heartbeat -> react(ErrorCode.of(heartbeat.errorCode()));
            default -> {}
        }
    }

    private void joined(JoinGroupResponse join) {
        ErrorCode error = ErrorCode.of(join.errorCode());
        if (error == ErrorCode.MEMBER_ID_REQUIRED) {
            memberId = join.memberId();
        } else if (error == ErrorCode.NONE) {
            memberId = join.memberId();
            generation = join.generationId();
            toAssign = join.skipAssignment()
                    ? List.of()
                    : join.members().stream().map(member -> member.memberId()).toList();
            needsJoin = false;
            hasAssignment = false;
        } else {
            react(error);
        }
    }

    private void synced(SyncGroupResponse sync) {
        ErrorCode error = ErrorCode.of(sync.errorCode());
        if (error == ErrorCode.NONE) {
            hasAssignment = true;
            check(sync.assignment());
        } else {
            react(error);
        }
    }

    /** Whoever was a member when the leader assigned has what was meant for it; a static one maybe for its former self. */
    private void check(ByteBuffer assignment) {
        String text = new String(Bytes.copy(assignment), StandardCharsets.UTF_8);
        boolean isMine =
                text.equals("for " + memberId) || (instanceId != null && text.startsWith("for " + instanceId + "-"));
        if (!isMine) {
            throw new AssertionError(name + " is " + memberId + " and was given '" + text + "'");
        }
    }

    private void react(ErrorCode error) {
        switch (error) {
            case NONE -> {}
            case REBALANCE_IN_PROGRESS, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> needsJoin = true;
            default -> forget();
        }
    }

    /** What may happen to a client besides the next step of the protocol. */
    enum RandomStep {
        PROTOCOL,
        REPEAT,
        COMMIT,
        LEAVE,
        CRASH,
        NONSENSE
    }
}
