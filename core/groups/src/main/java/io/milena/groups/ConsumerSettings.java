package io.milena.groups;

import io.milena.groups.assignment.Assignor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may choose about consumer groups (KIP-848), under Kafka's names.
 *
 * @param sessionTimeoutMs {@code group.consumer.session.timeout.ms}: how long a member is believed to live without a heartbeat
 * @param heartbeatIntervalMs {@code group.consumer.heartbeat.interval.ms}: how often members are asked to send one
 * @param membersMax {@code group.consumer.max.size}
 * @param assignors {@code group.consumer.assignors}: names of assignors that may be chosen; the first is that of members that choose none
 */
public record ConsumerSettings(int sessionTimeoutMs, int heartbeatIntervalMs, int membersMax, List<String> assignors) {
    public ConsumerSettings {
        assignors = List.copyOf(assignors);
        if (sessionTimeoutMs <= heartbeatIntervalMs || heartbeatIntervalMs <= 0) {
            throw new IllegalArgumentException(
                    "group.consumer.heartbeat.interval.ms must be positive and below group.consumer.session.timeout.ms");
        }
        if (membersMax <= 0) {
            throw new IllegalArgumentException("group.consumer.max.size must be positive: " + membersMax);
        }
        if (assignors.isEmpty()) {
            throw new IllegalArgumentException("group.consumer.assignors names none");
        }
        for (String assignor : assignors) {
            if (Assignor.named(assignor) == null) {
                throw new IllegalArgumentException("group.consumer.assignors: there is no " + assignor);
            }
        }
    }

    /**
     * As they are for a group that has some of its own: {@code consumer.session.timeout.ms}, {@code consumer.heartbeat.interval.ms}. Where only one of them is its own, and this broker's other does not go with it, heartbeats come three
     * times in a session.
     */
    ConsumerSettings with(Map<String, String> own) {
        int session = number(own.get("consumer.session.timeout.ms"), sessionTimeoutMs);
        int heartbeat = number(own.get("consumer.heartbeat.interval.ms"), heartbeatIntervalMs);
        if (session == sessionTimeoutMs && heartbeat == heartbeatIntervalMs) {
            return this;
        }
        return session > heartbeat
                ? new ConsumerSettings(session, heartbeat, membersMax, assignors)
                : new ConsumerSettings(Math.max(session, 2), Math.max(session / 3, 1), membersMax, assignors);
    }

    private static int number(@Nullable String own, int broker) {
        return own == null ? broker : Integer.parseInt(own);
    }

    /** Kafka's defaults. */
    public static ConsumerSettings defaults() {
        return new ConsumerSettings(45_000, 5_000, Integer.MAX_VALUE, List.of("uniform", "range"));
    }
}
