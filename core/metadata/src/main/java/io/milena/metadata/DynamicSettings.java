package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Settings of brokers that are changed while they run, and kept in the metadata: for one broker, or for all. Some are also read at the start, and then what is set later goes before. */
public final class DynamicSettings {
    /** What partitions on their way to another folder cost at most. */
    public static final String MOVE_RATE = "replica.alter.log.dirs.io.max.bytes.per.second";

    private static final Set<String> ALSO_READ_AT_THE_START =
            new TreeSet<>(List.of(EligibleLeaders.MIN_INSYNC_REPLICAS, MOVE_RATE));

    private DynamicSettings() {}

    /** In the order in which they are told. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        Throttles.CATALOG.definitions().forEach(definition -> names.add(definition.name()));
        names.addAll(ALSO_READ_AT_THE_START);
        return names;
    }

    public static boolean isReadAtTheStartToo(String name) {
        return ALSO_READ_AT_THE_START.contains(name);
    }

    /** Null where it is set neither for the broker nor for all. */
    public static @Nullable String value(ClusterImage image, int broker, String name) {
        String own = image.settings(Resource.broker(broker)).get(name);
        return own == null ? image.settings(Resource.allBrokers()).get(name) : own;
    }
}
