package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.milena.protocol.message.UpdateFeaturesResponse;
import io.milena.protocol.message.UpdateFeaturesResponse.UpdatableFeatureResult;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RegisterControllerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * UpdateFeatures: the cluster as a whole shall use a feature at another level. Every node must know that level: this one, all registered brokers and all
 * registered controllers. One fault refuses the whole request (KIP-584, as of version 2 of the API).
 */
public final class FeatureUpdates {
    private static final String METADATA_VERSION = "metadata.version";
    private static final byte UPGRADE = 1;
    private static final byte SAFE_DOWNGRADE = 2;
    private static final byte UNSAFE_DOWNGRADE = 3;
    /** From here on one fault is the answer to all, and single results are not given. */
    private static final short ALL_OR_NOTHING = 2;

    private final int nodeId;
    private final Map<String, Levels> supported;
    private final int minInsyncReplicas;

    /** What a node knows of a feature. */
    public record Levels(short lowest, short highest) {
        boolean contains(short level) {
            return level >= lowest && level <= highest;
        }
    }

    /**
     * Of a controller.
     *
     * @param settings what eligible leaders begin with
     * @param supported by this controller
     */
    public FeatureUpdates(ControllerSettings settings, Map<String, Levels> supported) {
        this.nodeId = settings.nodeId();
        this.minInsyncReplicas = settings.minInsyncReplicas();
        this.supported = new TreeMap<>(supported);
    }

    public Outcome<UpdateFeaturesResponse> update(ClusterImage image, UpdateFeaturesRequest request, short version) {
        List<Message> records = new ArrayList<>();
        List<UpdatableFeatureResult> results = new ArrayList<>();
        String fault = null;
        for (FeatureUpdateKey update : request.featureUpdates()) {
            String wrong = fault(image, update, upgradeType(update, version));
            fault = fault == null ? wrong : fault;
            ErrorCode error = wrong == null ? ErrorCode.NONE : ErrorCode.INVALID_UPDATE_VERSION;
            results.add(new UpdatableFeatureResult(update.feature(), error.code(), wrong));
            if (wrong == null) {
                records.addAll(records(image, update));
            }
        }
        UpdateFeaturesResponse.Builder answer = UpdateFeaturesResponse.builder();
        if (version < ALL_OR_NOTHING) {
            answer.results(results);
        }
        if (fault != null && version >= ALL_OR_NOTHING) {
            answer.errorCode(ErrorCode.INVALID_UPDATE_VERSION.code())
                    .errorMessage(
                            "The update failed for all features since the following feature had an error: " + fault);
        }
        return new Outcome<>(fault != null || request.validateOnly() ? List.of() : records, answer.build());
    }

    private List<Message> records(ClusterImage image, FeatureUpdateKey update) {
        if (image.features().getOrDefault(update.feature(), (short) 0) == update.maxVersionLevel()) {
            return List.of();
        }
        List<Message> records = new ArrayList<>();
        if (update.feature().equals(EligibleLeaders.FEATURE)) {
            records.addAll(
                    update.maxVersionLevel() > 0
                            ? EligibleLeaders.foundation(image, minInsyncReplicas)
                            : EligibleLeaders.withdrawal(image));
        }
        records.add(new FeatureLevelRecord(update.feature(), update.maxVersionLevel()));
        return records;
    }

    private static byte upgradeType(FeatureUpdateKey update, short version) {
        if (version > 0) {
            return update.upgradeType();
        }
        return update.allowDowngrade() ? SAFE_DOWNGRADE : UPGRADE;
    }

    private @Nullable String fault(ClusterImage image, FeatureUpdateKey update, byte upgradeType) {
        String reason = reason(image, update, upgradeType);
        return reason == null
                ? null
                : "Invalid update version " + update.maxVersionLevel() + " for feature " + update.feature() + ". "
                        + reason;
    }

    private @Nullable String reason(ClusterImage image, FeatureUpdateKey update, byte upgradeType) {
        short present = image.features().getOrDefault(update.feature(), (short) 0);
        short wanted = update.maxVersionLevel();
        if (upgradeType < UPGRADE || upgradeType > UNSAFE_DOWNGRADE) {
            return "The controller does not support the given upgrade type.";
        }
        if (wanted < 0) {
            return "A feature version cannot be less than 0.";
        }
        String unsupported = unsupported(image, update.feature(), wanted);
        if (unsupported != null) {
            return unsupported;
        }
        if (wanted < present && upgradeType == UPGRADE) {
            return "Can't downgrade the version of this feature without setting the upgrade type to either safe or"
                    + " unsafe downgrade.";
        }
        if (wanted > present && upgradeType != UPGRADE) {
            return "Can't downgrade to a newer version.";
        }
        if (wanted < present && update.feature().equals(METADATA_VERSION)) {
            return "Refusing to perform the requested downgrade because it might delete metadata information.";
        }
        return null;
    }

    private @Nullable String unsupported(ClusterImage image, String feature, short level) {
        Levels own = supported.get(feature);
        if (own == null || (!own.contains(level) && level != 0)) {
            return unsupportedBy("Local controller " + nodeId, own);
        }
        if (level == 0 && !feature.equals(METADATA_VERSION)) {
            return null;
        }
        for (RegisterControllerRecord controller : image.controllers()) {
            Levels levels = null;
            for (RegisterControllerRecord.ControllerFeature known : controller.features()) {
                if (known.name().equals(feature)) {
                    levels = new Levels(known.minSupportedVersion(), known.maxSupportedVersion());
                }
            }
            if (controller.controllerId() != nodeId && (levels == null || !levels.contains(level))) {
                return unsupportedBy("Controller " + controller.controllerId(), levels);
            }
        }
        for (RegisterBrokerRecord broker : image.brokers()) {
            Levels levels = null;
            for (RegisterBrokerRecord.BrokerFeature known : broker.features()) {
                if (known.name().equals(feature)) {
                    levels = new Levels(known.minSupportedVersion(), known.maxSupportedVersion());
                }
            }
            if (levels == null || !levels.contains(level)) {
                return unsupportedBy("Broker " + broker.brokerId(), levels);
            }
        }
        return null;
    }

    private static String unsupportedBy(String node, @Nullable Levels levels) {
        return levels == null
                ? node + " does not support this feature."
                : node + " only supports versions " + levels.lowest + "-" + levels.highest;
    }
}
