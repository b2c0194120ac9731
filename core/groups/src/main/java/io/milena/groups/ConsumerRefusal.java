package io.milena.groups;

import io.milena.groups.assignment.PartitionId;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.milena.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why a heartbeat in a consumer group is refused: for the client, and in words. */
record ConsumerRefusal(ErrorCode error, String message) {
    private static final int REGEX_VERSION = 1;

    ConsumerGroupHeartbeatResponse response() {
        return ConsumerGroupHeartbeatResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }

    /** What can be said without a look at any group; null if nothing is wrong. */
    static @Nullable ConsumerRefusal ofRequest(
            ConsumerGroupHeartbeatRequest request, short apiVersion, ConsumerSettings settings) {
        String wrong = wrong(request, apiVersion);
        if (wrong != null) {
            return new ConsumerRefusal(ErrorCode.INVALID_REQUEST, wrong);
        }
        String assignor = request.serverAssignor();
        if (assignor != null && !settings.assignors().contains(assignor)) {
            return new ConsumerRefusal(
                    ErrorCode.UNSUPPORTED_ASSIGNOR,
                    "there is no assignor " + assignor + "; there are " + String.join(", ", settings.assignors()));
        }
        String regex = request.subscribedTopicRegex();
        if (regex != null && !isUsable(regex)) {
            return new ConsumerRefusal(
                    ErrorCode.INVALID_REGULAR_EXPRESSION,
                    "no regular expression, or a costly or a long one: up to " + TopicPattern.LENGTH_MAX
                            + " characters are taken");
        }
        return null;
    }

    /** A look at one name that is as long as names may be finds most of the expressions that would take too long. */
    private static boolean isUsable(String regex) {
        TopicPattern pattern = TopicPattern.of(regex);
        return pattern != null && pattern.matching(List.of("a".repeat(248) + "!")) != null;
    }

    private static @Nullable String wrong(ConsumerGroupHeartbeatRequest request, short apiVersion) {
        int epoch = request.memberEpoch();
        boolean isJoin = epoch == ConsumerHeartbeatHandler.EPOCH_OF_JOIN;
        if (request.groupId().isEmpty()) {
            return "the group id is empty";
        }
        if (isEmpty(request.instanceId()) || isEmpty(request.rackId())) {
            return "the instance id or the rack id is empty";
        }
        if (request.memberId().isEmpty() && (!isJoin || apiVersion >= REGEX_VERSION)) {
            return "the member id is empty";
        }
        if (epoch < ConsumerMember.EPOCH_OF_ABSENT) {
            return "the member epoch is below -2";
        }
        if (epoch == ConsumerMember.EPOCH_OF_ABSENT && request.instanceId() == null) {
            return "a member that comes back has to have an instance id";
        }
        return isJoin ? wrongJoin(request) : null;
    }

    private static @Nullable String wrongJoin(ConsumerGroupHeartbeatRequest request) {
        if (request.rebalanceTimeoutMs() == ConsumerHeartbeatHandler.UNCHANGED) {
            return "the rebalance time-out has to be told with the first request";
        }
        if (request.topicPartitions() == null || !request.topicPartitions().isEmpty()) {
            return "a member that joins has no partitions";
        }
        return request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null
                ? "a member that joins has to name topics or a regular expression"
                : null;
    }

    private static boolean isEmpty(@Nullable String text) {
        return text != null && text.isEmpty();
    }

    /** Whether somebody is who it says to be. */
    static @Nullable ConsumerRefusal ofIdentity(String memberId, @Nullable ConsumerMember known) {
        if (known == null) {
            return new ConsumerRefusal(ErrorCode.UNKNOWN_MEMBER_ID, "the group does not know the member");
        }
        return known.id().equals(memberId)
                ? null
                : new ConsumerRefusal(ErrorCode.FENCED_INSTANCE_ID, "another member has this instance id");
    }

    /** The same, and that it is in its epoch, or in the one before if the answer with the new one may have been lost. */
    static @Nullable ConsumerRefusal ofMember(
            ConsumerGroupHeartbeatRequest request,
            String memberId,
            ConsumerGroup group,
            @Nullable ConsumerMember known) {
        ConsumerRefusal identity = ofIdentity(memberId, known);
        if (identity != null || known == null) {
            return identity;
        }
        int epoch = request.memberEpoch();
        boolean isRetry = epoch == known.holding().previousEpoch() && hasNoMoreThanAssigned(request, known);
        boolean isRight = epoch == known.epoch() || (epoch < known.epoch() && isRetry);
        return isRight
                ? null
                : new ConsumerRefusal(
                        ErrorCode.FENCED_MEMBER_EPOCH,
                        "the member is in epoch " + known.epoch() + ", not in " + epoch
                                + ": it has to give up its partitions and join again group " + group.id());
    }

    private static boolean hasNoMoreThanAssigned(ConsumerGroupHeartbeatRequest request, ConsumerMember known) {
        List<TopicPartitions> owned = request.topicPartitions();
        return owned != null
                && ConsumerAnswers.partitions(owned).stream()
                        .allMatch((PartitionId partition) ->
                                known.holding().assigned().containsKey(Objects.requireNonNull(partition)));
    }
}
