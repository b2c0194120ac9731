package io.milena.broker.cluster;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.EligibleLeaders;
import io.milena.metadata.FeatureUpdates;
import io.milena.protocol.Message;
import io.milena.protocol.record.FeatureLevelRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The features that this broker supports and finalises. Clients switch behaviour on them, so each is here only when its behaviour is.
 */
public final class Features {
    /** Named and numbered as Apache Kafka does. */
    public static final List<Feature> SUPPORTED = List.of(
            new Feature(EligibleLeaders.FEATURE, (short) 0, (short) 1),
            new Feature("group.version", (short) 0, (short) 1),
            new Feature("metadata.version", (short) 7, (short) 33),
            new Feature("transaction.version", (short) 0, (short) 2));

    private Features() {}

    /** What the controller is to know of them. */
    public static Map<String, FeatureUpdates.Levels> levels() {
        Map<String, FeatureUpdates.Levels> levels = new TreeMap<>();
        SUPPORTED.forEach(feature -> levels.put(feature.name, new FeatureUpdates.Levels(feature.min, feature.max)));
        return levels;
    }

    /**
     * What a cluster without features begins with.
     *
     * @param image of the cluster, which may know of brokers already
     * @param minInsyncReplicas as the node that founds it is set
     */
    static List<Message> records(ClusterImage image, int minInsyncReplicas) {
        List<Message> records = new ArrayList<>();
        for (Feature feature : SUPPORTED) {
            records.add(FeatureLevelRecord.builder()
                    .name(feature.name())
                    .featureLevel(feature.max())
                    .build());
        }
        records.addAll(EligibleLeaders.foundation(image, minInsyncReplicas));
        return records;
    }

    public record Feature(String name, short min, short max) {}
}
