package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.BrokerRegistrationRequest;
import io.milena.protocol.message.BrokerRegistrationResponse;
import io.milena.protocol.message.ControllerRegistrationRequest;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RegisterBrokerRecord.BrokerEndpoint;
import io.milena.protocol.record.RegisterBrokerRecord.BrokerFeature;
import io.milena.protocol.record.RegisterControllerRecord;
import io.milena.protocol.record.RegisterControllerRecord.ControllerEndpoint;
import io.milena.protocol.record.RegisterControllerRecord.ControllerFeature;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to the cluster. A broker registers when it starts and is fenced until it has caught up; its epoch is the offset of its registration, so that each start has
 * another one and what an earlier start still says is recognized.
 */
public final class Registrations {
    private static final String METADATA_VERSION = "metadata.version";

    private final String clusterId;
    private final BrokerChanges changes;

    public Registrations(String clusterId, ControllerSettings settings) {
        this.clusterId = clusterId;
        this.changes = new BrokerChanges(settings);
    }

    /**
     * A refused registration is an answer with an error; its reason is for the log of the controller.
     */
    public record Registered(
            BrokerRegistrationResponse response, @Nullable String reason) {}

    /** @param offset that the first record of this decision will have in the metadata log */
    public Outcome<Registered> register(
            ClusterImage image, BrokerLiveness liveness, BrokerRegistrationRequest request, long offset, long nowMs) {
        RegisterBrokerRecord old = image.broker(request.brokerId());
        RegisterBrokerRecord same = old != null && old.incarnationId().equals(request.incarnationId()) ? old : null;
        Registered refused = fault(image, request);
        if (refused != null) {
            return Outcome.of(refused);
        }
        if (old != null && same == null && liveness.hasSession(old.brokerId(), old.brokerEpoch(), nowMs)) {
            return Outcome.of(refused(
                    ErrorCode.DUPLICATE_BROKER_REGISTRATION,
                    "Another broker is registered with that broker id. If the broker was recently restarted this should"
                            + " self-resolve once the heartbeat manager expires the broker's session."));
        }
        long epoch = same == null ? offset : same.brokerEpoch();
        RegisterBrokerRecord record = record(request, epoch, same);
        Registered answer = new Registered(
                BrokerRegistrationResponse.builder().brokerEpoch(epoch).build(), null);
        if (same != null) {
            return new Outcome<>(List.of(record), answer);
        }
        liveness.register(request.brokerId(), epoch, nowMs);
        boolean wasClean = old == null || request.previousBrokerEpoch() == old.brokerEpoch();
        return new Outcome<>(changes.restart(image, record, wasClean), answer);
    }

    private @Nullable Registered fault(ClusterImage image, BrokerRegistrationRequest request) {
        if (!request.clusterId().equals(clusterId)) {
            return refused(
                    ErrorCode.INCONSISTENT_CLUSTER_ID,
                    "Expected cluster ID " + clusterId + ", but got cluster ID " + request.clusterId());
        }
        List<UUID> directories = request.logDirs();
        if (directories.isEmpty()) {
            return refused(ErrorCode.INVALID_REGISTRATION, "No directories specified in request");
        }
        if (directories.stream().anyMatch(id -> id.getMostSignificantBits() == 0 && isReserved(id))) {
            return refused(ErrorCode.INVALID_REGISTRATION, "Reserved directory ID in request");
        }
        if (new HashSet<>(directories).size() < directories.size()) {
            return refused(ErrorCode.INVALID_REGISTRATION, "Duplicate directory ID in request");
        }
        for (RegisterBrokerRecord other : image.brokers()) {
            for (UUID directory : other.logDirs()) {
                if (other.brokerId() != request.brokerId() && directories.contains(directory)) {
                    return refused(
                            ErrorCode.INVALID_REGISTRATION,
                            "Broker " + other.brokerId() + " is already registered with directory " + directory);
                }
            }
        }
        return unsupported(image, request);
    }

    /** Kafka keeps the first hundred ids for marks like "unassigned". */
    private static boolean isReserved(UUID directory) {
        return directory.getLeastSignificantBits() >= 0 && directory.getLeastSignificantBits() < 100;
    }

    private static @Nullable Registered unsupported(ClusterImage image, BrokerRegistrationRequest request) {
        Map<String, BrokerRegistrationRequest.Feature> features = new TreeMap<>();
        request.features().forEach(feature -> features.put(feature.name(), feature));
        if (!features.containsKey(METADATA_VERSION)) {
            return refused(ErrorCode.INVALID_REGISTRATION, "Request features do not contain 'metadata.version'");
        }
        for (Map.Entry<String, Short> finalized : image.features().entrySet()) {
            BrokerRegistrationRequest.Feature feature = features.get(finalized.getKey());
            short lowest = feature == null ? 0 : feature.minSupportedVersion();
            short highest = feature == null ? 0 : feature.maxSupportedVersion();
            if (finalized.getValue() < lowest || finalized.getValue() > highest) {
                return refused(
                        ErrorCode.UNSUPPORTED_VERSION,
                        "Unable to register because the broker does not support finalized version "
                                + finalized.getValue() + " of " + finalized.getKey()
                                + ". The broker wants a version between " + lowest + " and " + highest
                                + ", inclusive.");
            }
        }
        return null;
    }

    /** @param same the registration of the same start, which is only amended: then it stays fenced or unfenced */
    private static RegisterBrokerRecord record(
            BrokerRegistrationRequest request, long epoch, @Nullable RegisterBrokerRecord same) {
        return RegisterBrokerRecord.builder()
                .brokerId(request.brokerId())
                .incarnationId(request.incarnationId())
                .brokerEpoch(epoch)
                .endPoints(request.listeners().stream()
                        .map(listener -> new BrokerEndpoint(
                                listener.name(), listener.host(), listener.port(), listener.securityProtocol()))
                        .toList())
                .features(request.features().stream()
                        .map(feature -> new BrokerFeature(
                                feature.name(), feature.minSupportedVersion(), feature.maxSupportedVersion()))
                        .toList())
                .rack(request.rack())
                .fenced(same == null || same.fenced())
                .inControlledShutdown(same != null && same.inControlledShutdown())
                .logDirs(request.logDirs().stream().sorted().toList())
                .build();
    }

    /** A controller says where it is and what it knows; what is as it was costs no record. */
    public Decision register(ClusterImage image, ControllerRegistrationRequest request) {
        RegisterControllerRecord record = new RegisterControllerRecord(
                request.controllerId(),
                request.incarnationId(),
                request.zkMigrationReady(),
                request.listeners().stream()
                        .map(listener -> new ControllerEndpoint(
                                listener.name(), listener.host(), listener.port(), listener.securityProtocol()))
                        .toList(),
                request.features().stream()
                        .map(feature -> new ControllerFeature(
                                feature.name(), feature.minSupportedVersion(), feature.maxSupportedVersion()))
                        .toList());
        return Decision.of(record.equals(image.controller(request.controllerId())) ? List.of() : List.of(record));
    }

    /** UnregisterBroker: for a broker that will not come back. */
    public Decision unregister(ClusterImage image, BrokerLiveness liveness, int broker) {
        if (image.broker(broker) == null) {
            return Decision.refused(
                    ErrorCode.BROKER_ID_NOT_REGISTERED, "Broker ID " + broker + " is not currently registered");
        }
        liveness.forget(broker);
        return Decision.of(changes.unregister(image, broker));
    }

    private static Registered refused(ErrorCode error, String reason) {
        return new Registered(
                BrokerRegistrationResponse.builder().errorCode(error.code()).build(), reason);
    }
}
