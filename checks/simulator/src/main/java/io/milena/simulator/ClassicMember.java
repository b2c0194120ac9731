package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.milena.protocol.message.LeaveGroupResponse;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.milena.protocol.message.SyncGroupResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a team by the classic protocol: it joins, shares out the partitions if it leads, reads and commits, until all is read. At random it leaves, or is silent for so long that the others take it for dead, and then
 * goes on as if nothing had been.
 */
public final class ClassicMember implements Work {
    private static final String TYPE = "consumer";
    private static final String PROTOCOL = "range";
    private static final String NOBODY = "";
    private static final int SESSION_MS = 1_000;
    private static final int REBALANCE_MS = 1_000;
    private static final long BEAT_MS = 200;

    private final Team team;
    private String memberId = NOBODY;
    private int generation = -1;
    private @Nullable Portion portion;

    public ClassicMember(Team team) {
        this.team = team;
    }

    @Override
    public boolean go(Brokers brokers) throws IOException {
        if (portion != null && portion.isUncertain()) {
            memberId = NOBODY; // a commit that comes late must not find a member that has committed more
        }
        portion = null;
        while (!team.isOver()) {
            List<Integer> partitions = join(brokers);
            portion = partitions == null ? null : Portion.take(brokers, team, memberId, generation, partitions);
            if (portion != null) {
                share(brokers, portion);
            } else if (!brokers.comesAgain()) {
                return false;
            }
        }
        leave(brokers);
        return true;
    }

    /** The partitions that it is given, or null. */
    private @Nullable List<Integer> join(Brokers brokers) throws IOException {
        JoinGroupRequest request = JoinGroupRequest.builder()
                .groupId(team.group())
                .memberId(memberId)
                .sessionTimeoutMs(SESSION_MS)
                .rebalanceTimeoutMs(REBALANCE_MS)
                .protocolType(TYPE)
                .protocols(List.of(new JoinGroupRequestProtocol(PROTOCOL, subscription())))
                .build();
        JoinGroupResponse joined = brokers.ask(team.coordinator(), request, 9, JoinGroupResponse.class);
        if (joined.errorCode() == ErrorCode.MEMBER_ID_REQUIRED.code()) {
            memberId = joined.memberId();
            return join(brokers);
        }
        if (!isFine(brokers, joined.errorCode(), "joining " + team.group())) {
            return null;
        }
        memberId = joined.memberId();
        generation = joined.generationId();
        boolean mustShare = joined.leader().equals(memberId) && !joined.skipAssignment();
        return sync(brokers, mustShare ? shares(brokers, joined) : List.of());
    }

    /** As consumers write it: version, topics, nothing else. */
    private ByteBuffer subscription() {
        byte[] topic = team.topic().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * Short.BYTES + 2 * Integer.BYTES + topic.length)
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) topic.length)
                .put(topic)
                .putInt(-1)
                .flip();
    }

    /** To each member every so manieth partition, as numbers; who begins is random. */
    private List<SyncGroupRequestAssignment> shares(Brokers brokers, JoinGroupResponse joined) {
        int members = joined.members().size();
        int first = brokers.random().nextInt(members);
        List<SyncGroupRequestAssignment> shares = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            ByteBuffer share = ByteBuffer.allocate(team.partitions().size() * Integer.BYTES);
            for (int partition : team.partitions()) {
                if ((first + partition) % members == i) {
                    share.putInt(partition);
                }
            }
            shares.add(new SyncGroupRequestAssignment(joined.members().get(i).memberId(), share.flip()));
        }
        return shares;
    }

    private @Nullable List<Integer> sync(Brokers brokers, List<SyncGroupRequestAssignment> shares) throws IOException {
        SyncGroupRequest request = SyncGroupRequest.builder()
                .groupId(team.group())
                .memberId(memberId)
                .generationId(generation)
                .protocolType(TYPE)
                .protocolName(PROTOCOL)
                .assignments(shares)
                .build();
        SyncGroupResponse synced = brokers.ask(team.coordinator(), request, 5, SyncGroupResponse.class);
        if (!isFine(brokers, synced.errorCode(), "asking " + team.group() + " for a share")) {
            return null;
        }
        List<Integer> partitions = new ArrayList<>();
        ByteBuffer share = synced.assignment().duplicate();
        while (share.hasRemaining()) {
            partitions.add(share.getInt());
        }
        team.given(generation, memberId, partitions);
        return partitions;
    }

    /** Reads on, until it has to join again, or all is read. */
    private void share(Brokers brokers, Portion mine) throws IOException {
        long beatMs = brokers.nowMs();
        while (!team.isOver() && mine.readOn(brokers)) {
            switch (brokers.random().nextInt(80)) {
                case 0 -> brokers.rest(2 * SESSION_MS);
                case 1 -> {
                    leave(brokers);
                    return;
                }
                default -> brokers.rest(mine.isEmpty() ? BEAT_MS : BEAT_MS / 4);
            }
            if (brokers.nowMs() - beatMs >= BEAT_MS && brokers.random().nextInt(4) > 0) {
                beatMs = brokers.nowMs();
                if (!beat(brokers)) {
                    return;
                }
            }
        }
    }

    private boolean beat(Brokers brokers) throws IOException {
        HeartbeatRequest request = HeartbeatRequest.builder()
                .groupId(team.group())
                .memberId(memberId)
                .generationId(generation)
                .build();
        short error = brokers.ask(team.coordinator(), request, 4, HeartbeatResponse.class)
                .errorCode();
        return isFine(brokers, error, "saying to " + team.group() + " that it lives");
    }

    private void leave(Brokers brokers) throws IOException {
        if (!memberId.equals(NOBODY)) {
            LeaveGroupRequest request = LeaveGroupRequest.builder()
                    .groupId(team.group())
                    .members(List.of(MemberIdentity.builder().memberId(memberId).build()))
                    .build();
            isFine(
                    brokers,
                    brokers.ask(team.coordinator(), request, 5, LeaveGroupResponse.class)
                            .errorCode(),
                    "leaving " + team.group());
            memberId = NOBODY;
        }
    }

    private boolean isFine(Brokers brokers, short error, String what) {
        if (error == ErrorCode.UNKNOWN_MEMBER_ID.code()) {
            memberId = NOBODY;
        }
        return brokers.isFine(
                error,
                what,
                ErrorCode.UNKNOWN_MEMBER_ID,
                ErrorCode.ILLEGAL_GENERATION,
                ErrorCode.REBALANCE_IN_PROGRESS);
    }
}
