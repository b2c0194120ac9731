package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member of a team by the protocol of KIP-848: what it is to have and to give up comes with its heartbeats. At random it leaves, or is silent for so long that the others take it for dead, and then goes on as if nothing had
 * been.
 */
public final class ConsumerMember implements Work {
    private static final int SESSION_MS = 1_000;
    private static final int REBALANCE_MS = 1_000;
    private static final long BEAT_MS = 200;
    private static final int JOINS = 0;
    private static final int LEAVES = -1;

    private final Team team;
    private @Nullable String memberId;
    private int epoch = JOINS;
    /** Of the topic, since the member has heard it. */
    private @Nullable UUID topicId;

    private List<Integer> owned = List.of();
    private @Nullable Portion portion;

    public ConsumerMember(Team team) {
        this.team = team;
    }

    @Override
    public boolean go(Brokers brokers) throws IOException {
        if (portion != null && portion.isUncertain()) {
            forget();
            memberId = null; // a commit that comes late must not find a member that has committed more
        }
        long beatMs = brokers.nowMs() - BEAT_MS;
        while (!team.isOver()) {
            if (brokers.nowMs() - beatMs >= BEAT_MS) {
                beatMs = brokers.nowMs();
                if (!beat(brokers) && !brokers.comesAgain()) {
                    return false;
                }
            }
            if (epoch != JOINS) {
                share(brokers);
            }
            brokers.rest(brokers.random().nextInt(80) == 0 ? 2 * SESSION_MS : BEAT_MS / 4);
        }
        leave(brokers);
        return true;
    }

    /** Reads on in what it has. That it may not commit is no reason to do anything: it hears why with its next heartbeat. */
    private void share(Brokers brokers) throws IOException {
        if (brokers.random().nextInt(80) == 0) {
            leave(brokers);
            return;
        }
        if (portion == null) {
            portion = Portion.take(brokers, team, id(brokers), epoch, owned);
        }
        if (portion != null) {
            portion.readOn(brokers);
        }
    }

    private String id(Brokers brokers) {
        String known = memberId;
        if (known == null) {
            known = new UUID(brokers.random().nextLong(), brokers.random().nextLong()).toString();
            memberId = known;
        }
        return known;
    }

    private void forget() {
        epoch = JOINS;
        owned = List.of();
        portion = null;
    }

    private boolean beat(Brokers brokers) throws IOException {
        UUID topic = topicId;
        List<TopicPartitions> all =
                topic == null || owned.isEmpty() ? List.of() : List.of(new TopicPartitions(topic, owned));
        ConsumerGroupHeartbeatRequest request = ConsumerGroupHeartbeatRequest.builder()
                .groupId(team.group())
                .memberId(id(brokers))
                .memberEpoch(epoch)
                .rebalanceTimeoutMs(REBALANCE_MS)
                .subscribedTopicNames(List.of(team.topic()))
                .topicPartitions(all)
                .build();
        ConsumerGroupHeartbeatResponse answer =
                brokers.ask(team.coordinator(), request, 1, ConsumerGroupHeartbeatResponse.class);
        if (!isFine(brokers, answer.errorCode(), "saying to " + team.group() + " that it lives")) {
            return false;
        }
        epoch = answer.memberEpoch();
        if (answer.assignment() != null) {
            List<Integer> given = new ArrayList<>();
            answer.assignment().topicPartitions().forEach(each -> {
                topicId = each.topicId();
                given.addAll(each.partitions());
            });
            take(given);
        }
        if (portion != null) {
            portion.renew(epoch);
        }
        team.given(epoch, id(brokers), owned);
        return true;
    }

    private void take(List<Integer> given) {
        if (!given.equals(owned)) {
            owned = given;
            portion = null;
        }
    }

    private void leave(Brokers brokers) throws IOException {
        if (epoch != JOINS) {
            ConsumerGroupHeartbeatRequest request = ConsumerGroupHeartbeatRequest.builder()
                    .groupId(team.group())
                    .memberId(id(brokers))
                    .memberEpoch(LEAVES)
                    .build();
            short error = brokers.ask(team.coordinator(), request, 1, ConsumerGroupHeartbeatResponse.class)
                    .errorCode();
            isFine(brokers, error, "leaving " + team.group());
            forget();
        }
    }

    private boolean isFine(Brokers brokers, short error, String what) {
        boolean isFine = brokers.isFine(
                error, what, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.FENCED_MEMBER_EPOCH, ErrorCode.GROUP_ID_NOT_FOUND);
        if (!isFine && !brokers.passing().contains(ErrorCode.of(error))) {
            forget();
        }
        return isFine;
    }
}
