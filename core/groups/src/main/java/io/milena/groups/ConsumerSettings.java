package io.milena.groups;

import io.milena.groups.assignment.Assignor;
import java.util.List;

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

    /** Kafka's defaults. */
    public static ConsumerSettings defaults() {
        return new ConsumerSettings(45_000, 5_000, Integer.MAX_VALUE, List.of("uniform", "range"));
    }
}
