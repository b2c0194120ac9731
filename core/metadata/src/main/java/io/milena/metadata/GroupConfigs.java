package io.milena.metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of one group whose partitions the coordinator assigns (KIP-848), which are made while brokers run and count for that group alone; the broker's count where there is none. */
public final class GroupConfigs {
    public static final String SESSION_TIMEOUT = "consumer.session.timeout.ms";
    public static final String HEARTBEAT_INTERVAL = "consumer.heartbeat.interval.ms";

    public static final SettingCatalog CATALOG = SettingCatalog.create()
            .integer(
                    SESSION_TIMEOUT,
                    null,
                    1,
                    Integer.MAX_VALUE,
                    "group.consumer.session.timeout.ms",
                    "After how long without a heartbeat a member of this group (group.protocol=consumer) is out, in ms;"
                            + " more than consumer.heartbeat.interval.ms.")
            .integer(
                    HEARTBEAT_INTERVAL,
                    null,
                    1,
                    Integer.MAX_VALUE,
                    "group.consumer.heartbeat.interval.ms",
                    "How often members of this group are asked to send a heartbeat, in ms.");

    private GroupConfigs() {}

    /** What is wrong with the two together; null for nothing. */
    static @Nullable String conflict(Map<String, String> settings) {
        String session = settings.get(SESSION_TIMEOUT);
        String heartbeat = settings.get(HEARTBEAT_INTERVAL);
        return session == null || heartbeat == null || Long.parseLong(session) > Long.parseLong(heartbeat)
                ? null
                : SESSION_TIMEOUT + " (" + session + ") must be more than " + HEARTBEAT_INTERVAL + " (" + heartbeat
                        + ").";
    }
}
