package io.milena.groups;

/**
 * What an operator may choose about groups, under Kafka's names.
 *
 * @param sessionTimeoutMinMs {@code group.min.session.timeout.ms}
 * @param sessionTimeoutMaxMs {@code group.max.session.timeout.ms}
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}: how long an empty group waits for more members
 * @param membersMax {@code group.max.size}
 * @param offsetMetadataMax {@code offset.metadata.max.bytes}; compared, as Kafka does, with the length in UTF-16 units
 * @param offsetsRetentionMs {@code offsets.retention.minutes}
 * @param offsetsRetentionCheckMs {@code offsets.retention.check.interval.ms}
 * @param newMemberJoinTimeoutMs how long a new member may wait in its first join; not a setting in Kafka either: a client that vanished
 *     during a long rebalance cannot be noticed otherwise, because it has no session yet
 * @param consumer of groups of the protocol of KIP-848
 */
public record GroupSettings(
        int sessionTimeoutMinMs,
        int sessionTimeoutMaxMs,
        int initialRebalanceDelayMs,
        int membersMax,
        int offsetMetadataMax,
        long offsetsRetentionMs,
        long offsetsRetentionCheckMs,
        int newMemberJoinTimeoutMs,
        ConsumerSettings consumer) {

    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 24 * 60 * MINUTE_MS;

    public GroupSettings {
        if (sessionTimeoutMinMs < 0 || sessionTimeoutMaxMs < sessionTimeoutMinMs) {
            throw new IllegalArgumentException("group.max.session.timeout.ms is below group.min.session.timeout.ms");
        }
        requirePositive("group.max.size", membersMax);
        requirePositive("offsets.retention.minutes", offsetsRetentionMs);
        requirePositive("offsets.retention.check.interval.ms", offsetsRetentionCheckMs);
        requirePositive("the join time-out of new members", newMemberJoinTimeoutMs);
        if (initialRebalanceDelayMs < 0 || offsetMetadataMax < 0) {
            throw new IllegalArgumentException(
                    "group.initial.rebalance.delay.ms and offset.metadata.max.bytes may not be negative");
        }
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    /** Kafka's defaults. */
    public static GroupSettings defaults() {
        return new GroupSettings(
                6_000,
                (int) (30 * MINUTE_MS),
                3_000,
                Integer.MAX_VALUE,
                4_096,
                7 * DAY_MS,
                10 * MINUTE_MS,
                (int) (5 * MINUTE_MS),
                ConsumerSettings.defaults());
    }

    public GroupSettings withSessionTimeouts(int minMs, int maxMs) {
        return new GroupSettings(
                minMs,
                maxMs,
                initialRebalanceDelayMs,
                membersMax,
                offsetMetadataMax,
                offsetsRetentionMs,
                offsetsRetentionCheckMs,
                newMemberJoinTimeoutMs,
                consumer);
    }

    /** 0 lets the first member start at once: right for tests and embedded brokers. */
    public GroupSettings withInitialRebalanceDelayMs(int delayMs) {
        return new GroupSettings(
                sessionTimeoutMinMs,
                sessionTimeoutMaxMs,
                delayMs,
                membersMax,
                offsetMetadataMax,
                offsetsRetentionMs,
                offsetsRetentionCheckMs,
                newMemberJoinTimeoutMs,
                consumer);
    }

    public GroupSettings withMembersMax(int max) {
        return new GroupSettings(
                sessionTimeoutMinMs,
                sessionTimeoutMaxMs,
                initialRebalanceDelayMs,
                max,
                offsetMetadataMax,
                offsetsRetentionMs,
                offsetsRetentionCheckMs,
                newMemberJoinTimeoutMs,
                consumer);
    }

    public GroupSettings withOffsetMetadataMax(int max) {
        return new GroupSettings(
                sessionTimeoutMinMs,
                sessionTimeoutMaxMs,
                initialRebalanceDelayMs,
                membersMax,
                max,
                offsetsRetentionMs,
                offsetsRetentionCheckMs,
                newMemberJoinTimeoutMs,
                consumer);
    }

    public GroupSettings withOffsetsRetention(long retentionMs, long checkMs) {
        return new GroupSettings(
                sessionTimeoutMinMs,
                sessionTimeoutMaxMs,
                initialRebalanceDelayMs,
                membersMax,
                offsetMetadataMax,
                retentionMs,
                checkMs,
                newMemberJoinTimeoutMs,
                consumer);
    }

    public GroupSettings withConsumer(ConsumerSettings newConsumer) {
        return new GroupSettings(
                sessionTimeoutMinMs,
                sessionTimeoutMaxMs,
                initialRebalanceDelayMs,
                membersMax,
                offsetMetadataMax,
                offsetsRetentionMs,
                offsetsRetentionCheckMs,
                newMemberJoinTimeoutMs,
                newConsumer);
    }
}
