package io.milena.broker.configs;

import io.milena.broker.BrokerSettings;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.TopicSettingCatalog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings as they are in force, with where each value comes from. */
public final class SettingViews {
    private static final byte TOPIC_SOURCE = 1;
    private static final byte STATIC_BROKER_SOURCE = 4;
    private static final byte DEFAULT_SOURCE = 5;

    private final BrokerSettings broker;

    public SettingViews(BrokerSettings broker) {
        this.broker = broker;
    }

    /** A value and its source, numbered as in the protocol; the first is in force. */
    public record Origin(String name, @Nullable String value, byte source) {}

    /** One setting in force. */
    public record View(SettingDefinition definition, List<Origin> origins) {
        public String name() {
            return definition.name();
        }

        public @Nullable String value() {
            return origins.getFirst().value();
        }

        public byte source() {
            return origins.getFirst().source();
        }
    }

    public List<View> ofTopic(ClusterImage image, String topic) {
        List<View> views = new ArrayList<>();
        for (SettingDefinition definition : TopicSettingCatalog.CATALOG.definitions()) {
            List<Origin> origins = new ArrayList<>();
            String own = image.settings(ClusterImage.Resource.topic(topic)).get(definition.name());
            if (own != null) {
                origins.add(new Origin(definition.name(), own, TOPIC_SOURCE));
            }
            String brokerName = definition.brokerName();
            if (brokerName != null && broker.given().containsKey(brokerName)) {
                origins.add(new Origin(brokerName, broker.effective(brokerName), STATIC_BROKER_SOURCE));
            }
            String byDefault = brokerName == null ? definition.defaultValue() : broker.effective(brokerName);
            origins.add(new Origin(brokerName == null ? definition.name() : brokerName, byDefault, DEFAULT_SOURCE));
            views.add(new View(definition, origins));
        }
        return views;
    }

    public List<View> ofBroker() {
        List<View> views = new ArrayList<>();
        for (SettingDefinition definition : BrokerSettings.catalog().definitions()) {
            List<Origin> origins = new ArrayList<>();
            String given = broker.given().get(definition.name());
            if (given != null) {
                origins.add(new Origin(definition.name(), given, STATIC_BROKER_SOURCE));
            }
            origins.add(new Origin(
                    definition.name(),
                    given == null ? broker.effective(definition.name()) : definition.defaultValue(),
                    DEFAULT_SOURCE));
            views.add(new View(definition, origins));
        }
        return views;
    }
}
