package io.milena.broker.cluster;

import io.milena.log.LogSettings;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.TopicSettingCatalog;
import io.milena.records.Compression;
import io.milena.records.TimestampType;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings of a topic's logs: what was set for the topic, else the broker's default, else Kafka's. */
public final class TopicLogSettings {
    private final Function<String, @Nullable String> brokerSettings;

    /** @param brokerSettings the effective value of a broker setting */
    public TopicLogSettings(Function<String, @Nullable String> brokerSettings) {
        this.brokerSettings = brokerSettings;
    }

    public LogSettings of(ClusterImage image, String topic) {
        Function<String, String> value = name -> value(image, topic, name);
        List<String> policy = List.of(value.apply("cleanup.policy").split("\\s*,\\s*"));
        String compression = value.apply("compression.type");
        return new LogSettings(
                Integer.parseInt(value.apply("segment.bytes")),
                Long.parseLong(value.apply("segment.ms")),
                Integer.parseInt(value.apply("index.interval.bytes")),
                Long.parseLong(value.apply("retention.ms")),
                Long.parseLong(value.apply("retention.bytes")),
                Integer.parseInt(value.apply("max.message.bytes")),
                value.apply("message.timestamp.type").equals("LogAppendTime")
                        ? TimestampType.LOG_APPEND_TIME
                        : TimestampType.CREATE_TIME,
                Long.parseLong(value.apply("message.timestamp.before.max.ms")),
                Long.parseLong(value.apply("message.timestamp.after.max.ms")),
                compression.equals("producer")
                        ? null
                        : Compression.named(compression.equals("uncompressed") ? "none" : compression),
                policy.contains("delete"),
                policy.contains("compact"),
                Long.parseLong(value.apply("file.delete.delay.ms")),
                value.apply("milena.durability").equals("forced")
                        ? LogSettings.Durability.FORCED
                        : LogSettings.Durability.WRITTEN);
    }

    private String value(ClusterImage image, String topic, String name) {
        String own = image.settings(ClusterImage.Resource.topic(topic)).get(name);
        if (own != null) {
            return own;
        }
        SettingDefinition definition = TopicSettingCatalog.CATALOG.find(name);
        String brokerName = definition == null ? null : definition.brokerName();
        String ofBroker = brokerName == null ? null : brokerSettings.apply(brokerName);
        return ofBroker != null ? ofBroker : TopicSettingCatalog.CATALOG.defaultOf(name);
    }
}
