package io.milena.broker.partitions;

import java.util.Set;

/** The topics that the broker itself writes; clients may read them. */
public final class InternalTopics {
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";
    public static final String TRANSACTION_STATE = "__transaction_state";

    private static final Set<String> NAMES = Set.of(CONSUMER_OFFSETS, TRANSACTION_STATE, "__share_group_state");

    private InternalTopics() {}

    public static boolean isInternal(String topic) {
        return NAMES.contains(topic);
    }
}
