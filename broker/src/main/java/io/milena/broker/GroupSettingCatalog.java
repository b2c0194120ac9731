package io.milena.broker;

import io.milena.metadata.SettingCatalog;
import java.util.Set;

/** The settings of groups whose partitions the coordinator assigns (KIP-848). */
final class GroupSettingCatalog {
    private static final int INT_MAX = Integer.MAX_VALUE;

    private GroupSettingCatalog() {}

    static SettingCatalog added(SettingCatalog catalog) {
        return catalog.integer(
                        "group.consumer.session.timeout.ms",
                        "45000",
                        1,
                        INT_MAX,
                        null,
                        "After how long without a heartbeat a member of a consumer group (group.protocol=consumer) is"
                                + " out, in ms; more than group.consumer.heartbeat.interval.ms.")
                .integer(
                        "group.consumer.heartbeat.interval.ms",
                        "5000",
                        1,
                        INT_MAX,
                        null,
                        "How often members of consumer groups are asked to send a heartbeat, in ms. What they are to"
                                + " give up or may take they hear with the next one.")
                .integer("group.consumer.max.size", "2147483647", 1, INT_MAX, null, "Members of one consumer group.")
                .list(
                        "group.consumer.assignors",
                        "uniform,range",
                        Set.of("uniform", "range"),
                        null,
                        "How partitions may be shared among the members of a consumer group: uniform (everybody has"
                                + " as many, and keeps what it has), range (topic by topic). The first is that of"
                                + " members that choose none.");
    }
}
