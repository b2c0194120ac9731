package io.milena.broker.configs;

import io.milena.broker.BrokerSettings;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.metadata.DynamicSettings;
import io.milena.metadata.EligibleLeaders;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.Throttles;
import io.milena.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Has the controller check and make changes of the settings of topics and groups, and of the few of brokers that can be changed while they run; says why others cannot. */
public final class SettingChanges {
    private final ClusterMetadata metadata;
    private final Controller controller;
    private final String self;

    /** @param nodeId of this broker, which is there even where nobody is registered */
    public SettingChanges(ClusterMetadata metadata, Controller controller, int nodeId) {
        this.self = Integer.toString(nodeId);
        this.metadata = metadata;
        this.controller = controller;
    }

    /** Works out the new values, null for the default, from the values that were set so far. */
    @FunctionalInterface
    interface Change {
        Map<String, @Nullable String> from(Map<String, String> present);
    }

    /** A change that makes no sense; the message says why. */
    static final class Senseless extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final ErrorCode error;

        Senseless(ErrorCode error, String message) {
            super(message, null, false, false);
            this.error = error;
        }
    }

    Decision apply(byte type, String name, Change change, boolean isDryRun) {
        if (type == ClusterImage.Resource.BROKER) {
            return isDryRun
                    ? ofBroker(metadata.image(), name, change)
                    : metadata.decide(image -> ofBroker(image, name, change));
        }
        if (type != ClusterImage.Resource.TOPIC && type != ClusterImage.Resource.GROUP) {
            return refused(ErrorCode.INVALID_REQUEST, "Resources of type " + type + " have no settings here.");
        }
        if (name.isEmpty()) {
            return refused(ErrorCode.INVALID_REQUEST, "There are no default settings of topics and groups: name one.");
        }
        ClusterImage.Resource resource = new ClusterImage.Resource(type, name);
        return isDryRun
                ? decide(metadata.image(), resource, change)
                : metadata.decide(image -> decide(image, resource, change));
    }

    /** Of one broker, or of all where the name is empty. */
    private Decision ofBroker(ClusterImage image, String name, Change change) {
        if (!name.isEmpty() && !name.equals(self) && !isRegistered(image, name)) {
            return refused(ErrorCode.BROKER_ID_NOT_REGISTERED, "Broker " + name + " is not registered.");
        }
        ClusterImage.Resource resource = new ClusterImage.Resource(ClusterImage.Resource.BROKER, name);
        try {
            Map<String, @Nullable String> changes = change.from(image.settings(resource));
            for (Map.Entry<String, @Nullable String> each : changes.entrySet()) {
                String fault = each.getValue() == null ? null : faultOfBroker(each.getKey(), each.getValue(), name);
                if (fault != null) {
                    return refused(ErrorCode.INVALID_REQUEST, fault);
                }
            }
            return controller.configure(image, resource, changes);
        } catch (Senseless e) {
            return refused(e.error, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String faultOfBroker(String setting, String value, String broker) {
        if (setting.equals(EligibleLeaders.MIN_INSYNC_REPLICAS) && !broker.isEmpty()) {
            return "The setting " + setting + " counts for topics and for the cluster, not for one broker.";
        }
        SettingDefinition definition = DynamicSettings.isReadAtTheStartToo(setting)
                ? BrokerSettings.catalog().find(setting)
                : Throttles.CATALOG.find(setting);
        return definition == null
                ? "The broker's setting " + setting
                        + " is read at the start and cannot be changed while it runs; these can: "
                        + String.join(", ", DynamicSettings.names()) + "."
                : definition.fault(value);
    }

    private static boolean isRegistered(ClusterImage image, String id) {
        return image.brokers().stream()
                .anyMatch(broker -> Integer.toString(broker.brokerId()).equals(id));
    }

    /** A group need not be there: it has its settings when it comes. */
    private Decision decide(ClusterImage image, ClusterImage.Resource resource, Change change) {
        if (resource.type() == ClusterImage.Resource.TOPIC && image.topic(resource.name()) == null) {
            return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + resource.name() + "' does not exist.");
        }
        try {
            return controller.configure(image, resource, change.from(image.settings(resource)));
        } catch (Senseless e) {
            return refused(e.error, String.valueOf(e.getMessage()));
        }
    }

    private static Decision refused(ErrorCode error, String message) {
        return new Decision(List.of(), error, message);
    }
}
