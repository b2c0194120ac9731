package io.milena.cli.why;

import io.milena.protocol.ErrorCode;
import java.util.Arrays;
import java.util.List;

/**
 * What an error means for who gets it, and what can be done.
 *
 * @param because what comes behind this word
 */
record RefusalReason(String because, List<String> advice) {
    private static RefusalReason reason(String because, String... advice) {
        return new RefusalReason(because, List.of(advice));
    }

    static RefusalReason of(Refusal refusal) {
        String subject = refusal.subject().isEmpty() ? "TOPIC" : refusal.subject();
        boolean isKnown =
                Arrays.stream(ErrorCode.values()).anyMatch(each -> each.name().equals(refusal.error()));
        return isKnown
                ? of(ErrorCode.valueOf(refusal.error()), refusal, subject)
                : reason("of " + refusal.error() + ", which this version does not know");
    }

    private static RefusalReason of(ErrorCode error, Refusal refusal, String subject) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION ->
                reason(
                        "there is no such topic or partition",
                        "milena topics create " + subject,
                        "if it was deleted by mistake: milena topics restore " + subject);
            case UNKNOWN_TOPIC_ID ->
                reason(
                        "the topic was deleted, and perhaps created anew under its name",
                        "clients notice that by themselves; if it was deleted by mistake: milena topics deleted");
            case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
                reason(
                        "fewer replicas are in sync than min.insync.replicas asks for",
                        "milena why partition " + subject + " " + Math.max(0, refusal.partition()));
            case KAFKA_STORAGE_ERROR ->
                reason(
                        "the disk of the partition has failed",
                        "milena why partition " + subject + " " + Math.max(0, refusal.partition()));
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE ->
                reason(
                        "a batch is larger than max.message.bytes of the topic",
                        "send less at once (batch.size), smaller records, or compress them",
                        "or: milena topics alter " + subject + " --set max.message.bytes=BYTES");
            case INVALID_RECORD ->
                reason(
                        "a record is not as the topic asks for: where it is compacted (cleanup.policy), each needs a"
                                + " key",
                        "give the records keys, or look at the settings: milena topics describe " + subject);
            case INVALID_TIMESTAMP ->
                reason(
                        "the time of a record is further away than message.timestamp.before.max.ms or"
                                + " message.timestamp.after.max.ms of the topic",
                        "look at the clock of the client, or at the times that it sets itself");
            case OFFSET_OUT_OF_RANGE ->
                reason(
                        "the offset is not there: retention has removed it, or it was never written",
                        "auto.offset.reset says where a consumer goes on then; milena groups reset-offsets moves a"
                                + " group");
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_MEMBER_EPOCH, STALE_MEMBER_EPOCH ->
                reason(
                        "its group has gone on without this member: it was silent for too long, or late to come back",
                        "handle fewer records at once (max.poll.records), or raise max.poll.interval.ms",
                        "milena why group GROUP says who was thrown out");
            case FENCED_INSTANCE_ID, UNRELEASED_INSTANCE_ID ->
                reason(
                        "another process has the same group.instance.id",
                        "give each member of the group one of its own");
            case INCONSISTENT_GROUP_PROTOCOL ->
                reason(
                        "the members of the group share no assignor, or use the other group.protocol",
                        "give all the same partition.assignment.strategy and group.protocol");
            case INVALID_SESSION_TIMEOUT ->
                reason("its session.timeout.ms is not between group.min.session.timeout.ms and"
                        + " group.max.session.timeout.ms of the broker");
            case PRODUCER_FENCED, INVALID_PRODUCER_EPOCH ->
                reason(
                        "another producer with the same transactional.id has come, or its transaction took too long and"
                                + " was aborted",
                        "give each producer a transactional.id of its own; raise transaction.timeout.ms",
                        "milena transactions list");
            case INVALID_TRANSACTION_TIMEOUT ->
                reason("its transaction.timeout.ms is above transaction.max.timeout.ms of the broker");
            case INVALID_TXN_STATE -> reason("its transaction is not in a state for that", "milena transactions list");
            case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID ->
                reason(
                        "records of this producer are missing before these: they were lost, or deleted",
                        "the producer has to be started anew");
            case TOPIC_ALREADY_EXISTS -> reason("there is a topic of that name", "milena topics describe " + subject);
            case INVALID_TOPIC_EXCEPTION ->
                reason("the name is not one for a topic: up to 249 letters, digits, dots, underscores and hyphens");
            case INVALID_REPLICATION_FACTOR ->
                reason("it asks for more replicas than there are brokers", "milena cluster status shows the brokers");
            case NON_EMPTY_GROUP, GROUP_SUBSCRIBED_TO_TOPIC ->
                reason("the group has members", "stop them first: milena groups describe " + group(refusal));
            case GROUP_ID_NOT_FOUND -> reason("there is no such group", "milena groups list");
            case UNSUPPORTED_VERSION ->
                reason(
                        "this broker does not serve that version of the request",
                        "docs/compatibility.md lists what is served");
            default -> reason("of " + error + ": " + error.message());
        };
    }

    private static String group(Refusal refusal) {
        return refusal.subject().isEmpty() ? "GROUP" : refusal.subject();
    }
}
