package io.milena.broker.configs;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.Decision;
import io.milena.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Has the controller check and make changes of a topic's settings; says why other resources cannot be changed. */
public final class SettingChanges {
    private final ClusterMetadata metadata;
    private final Controller controller;

    public SettingChanges(ClusterMetadata metadata, Controller controller) {
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
            return refused(
                    ErrorCode.INVALID_REQUEST,
                    "The broker's settings are read at the start and cannot be changed while it runs.");
        }
        if (type != ClusterImage.Resource.TOPIC) {
            return refused(ErrorCode.INVALID_REQUEST, "Resources of type " + type + " have no settings here.");
        }
        if (name.isEmpty()) {
            return refused(ErrorCode.INVALID_REQUEST, "There are no default settings of topics: name one.");
        }
        return isDryRun
                ? decide(metadata.image(), name, change)
                : metadata.decide(image -> decide(image, name, change));
    }

    private Decision decide(ClusterImage image, String name, Change change) {
        if (image.topic(name) == null) {
            return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name + "' does not exist.");
        }
        ClusterImage.Resource resource = ClusterImage.Resource.topic(name);
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
