package io.milena.broker.cluster;

import io.milena.log.LogSettings;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.EligibleLeaders;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.TopicSettingCatalog;
import io.milena.records.Compression;
import io.milena.records.TimestampType;
import io.milena.replication.ReplicationSettings;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings of a topic's logs: what was set for the topic, else for the whole cluster, else the broker's default, else Kafka's. */
public final class TopicLogSettings {
    private final Function<String, @Nullable String> brokerSettings;
    private final Runnable whenUnforced;

    /** @param brokerSettings the effective value of a broker setting */
    public TopicLogSettings(Function<String, @Nullable String> brokerSettings) {
        this(brokerSettings, () -> {});
    }

    /** @param whenUnforced done before anybody gets settings by which something is confirmed that is not forced */
    public TopicLogSettings(Function<String, @Nullable String> brokerSettings, Runnable whenUnforced) {
        this.brokerSettings = brokerSettings;
        this.whenUnforced = whenUnforced;
    }

    /** How a topic is replicated. */
    ReplicationSettings replication(ClusterImage image, String topic) {
        return new ReplicationSettings(
                Long.parseLong(String.valueOf(brokerSettings.apply("replica.lag.time.max.ms"))),
                Integer.parseInt(value(image, topic, EligibleLeaders.MIN_INSYNC_REPLICAS)),
                Long.parseLong(String.valueOf(brokerSettings.apply("replica.fetch.backoff.ms"))));
    }

    /** As this node is set. */
    int minInsyncReplicas() {
        return Integer.parseInt(String.valueOf(brokerSettings.apply(EligibleLeaders.MIN_INSYNC_REPLICAS)));
    }

    public LogSettings of(ClusterImage image, String topic) {
        Values values = name -> value(image, topic, name);
        boolean isForced = values.text("milena.durability").equals("forced");
        if (!isForced) {
            whenUnforced.run();
        }
        List<String> policy = List.of(values.text("cleanup.policy").split("\\s*,\\s*"));
        return new LogSettings(
                new LogSettings.Segmenting(
                        values.integer("segment.bytes"),
                        values.number("segment.ms"),
                        values.number("segment.jitter.ms"),
                        values.integer("index.interval.bytes")),
                accepting(values),
                new LogSettings.Deleting(
                        policy.contains("delete"), values.number("retention.ms"), values.number("retention.bytes")),
                new LogSettings.Compacting(
                        policy.contains("compact"),
                        Double.parseDouble(values.text("min.cleanable.dirty.ratio")),
                        values.number("delete.retention.ms"),
                        values.number("min.compaction.lag.ms"),
                        values.number("max.compaction.lag.ms")),
                values.number("file.delete.delay.ms"),
                isForced ? LogSettings.Durability.FORCED : LogSettings.Durability.WRITTEN);
    }

    private static LogSettings.Accepting accepting(Values values) {
        String type = values.text("compression.type");
        Compression compression =
                type.equals("producer") ? null : Compression.named(type.equals("uncompressed") ? "none" : type);
        return new LogSettings.Accepting(
                values.integer("max.message.bytes"),
                values.text("message.timestamp.type").equals("LogAppendTime")
                        ? TimestampType.LOG_APPEND_TIME
                        : TimestampType.CREATE_TIME,
                values.number("message.timestamp.before.max.ms"),
                values.number("message.timestamp.after.max.ms"),
                compression,
                level(values, compression));
    }

    private static int level(Values values, @Nullable Compression compression) {
        return switch (compression) {
            case GZIP, LZ4, ZSTD -> values.integer("compression." + compression.settingName() + ".level");
            case NONE, SNAPPY -> compression.defaultLevel();
            case null -> 0;
        };
    }

    /** The values of one topic's settings, by their names. */
    private interface Values {
        String text(String name);

        default long number(String name) {
            return Long.parseLong(text(name));
        }

        default int integer(String name) {
            return Integer.parseInt(text(name));
        }
    }

    private String value(ClusterImage image, String topic, String name) {
        String own = image.settings(ClusterImage.Resource.topic(topic)).get(name);
        if (own != null) {
            return own;
        }
        SettingDefinition definition = TopicSettingCatalog.CATALOG.find(name);
        String brokerName = definition == null ? null : definition.brokerName();
        String ofCluster = brokerName == null
                ? null
                : image.settings(ClusterImage.Resource.allBrokers()).get(brokerName);
        if (ofCluster != null) {
            return ofCluster;
        }
        String ofBroker = brokerName == null ? null : brokerSettings.apply(brokerName);
        return ofBroker != null ? ofBroker : TopicSettingCatalog.CATALOG.defaultOf(name);
    }
}
