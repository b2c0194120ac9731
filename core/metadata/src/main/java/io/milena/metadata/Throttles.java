package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of the copying of replicas that is to be held back (KIP-73): of which replicas, by settings of their topics, and how much there may be of it, by settings of brokers that are made while they run.
 */
public final class Throttles {
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Settings of a broker that can be changed while it runs. */
    public static final SettingCatalog CATALOG = SettingCatalog.create()
            .longInteger(
                    Side.LEADER.rate,
                    Long.toString(UNLIMITED),
                    0,
                    null,
                    "How many bytes a second a broker lets followers fetch, in all, of the replicas that their topics' leader.replication.throttled.replicas names, as long as these are not in sync. Set while the broker runs.")
            .longInteger(
                    Side.FOLLOWER.rate,
                    Long.toString(UNLIMITED),
                    0,
                    null,
                    "How many bytes a second a broker fetches, in all, of the replicas that their topics' follower.replication.throttled.replicas names, as long as these are not in sync. Set while the broker runs.");

    private static final List<String> ALL = List.of("*");

    /** On which end copying is held back. */
    public enum Side {
        LEADER("leader.replication.throttled.rate", "leader.replication.throttled.replicas"),
        FOLLOWER("follower.replication.throttled.rate", "follower.replication.throttled.replicas");

        private final String rate;
        private final String replicas;

        Side(String rate, String replicas) {
            this.rate = rate;
            this.replicas = replicas;
        }
    }

    private Throttles() {}

    /** In bytes per second: set for the broker, or for all; {@link #UNLIMITED} where neither is. */
    public static long rate(ClusterImage image, int broker, Side side) {
        String own = image.settings(Resource.broker(broker)).get(side.rate);
        String value = own == null ? image.settings(Resource.allBrokers()).get(side.rate) : own;
        return value == null ? UNLIMITED : Long.parseLong(value.strip());
    }

    /** Whether a broker's replica is among those that are held back. */
    public static boolean isThrottled(ClusterImage image, String topic, int partition, int broker, Side side) {
        return names(image.settings(Resource.topic(topic)).get(side.replicas), partition, broker);
    }

    private static boolean names(@Nullable String value, int partition, int broker) {
        if (value == null || value.isBlank()) {
            return false;
        }
        List<String> items = SettingDefinition.items(value);
        return items.equals(ALL) || items.contains(partition + ":" + broker);
    }
}
