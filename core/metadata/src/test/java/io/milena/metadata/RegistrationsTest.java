package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.FeatureUpdates.Levels;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.BrokerRegistrationRequest;
import io.milena.protocol.message.ControllerRegistrationRequest;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.milena.protocol.message.UpdateFeaturesResponse;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegistrationsTest {
    private static final String ELR = "eligible.leader.replicas.version";
    private final TestCluster cluster = TestCluster.of(3).topic(0, 1, 2);

    private void assertRefused(ErrorCode error, String reason, BrokerRegistrationRequest request) {
        int records = cluster.log.size();
        var answer = cluster.register(request);
        assertEquals(error.code(), answer.response().errorCode());
        assertTrue(answer.reason() != null && answer.reason().contains(reason), () -> String.valueOf(answer.reason()));
        assertEquals(records, cluster.log.size());
    }

    private static BrokerRegistrationRequest.Builder another(int id) {
        return TestCluster.registration(id, new UUID(77, id));
    }

    @Test
    void theEpochIsTheOffsetOfTheRegistration() {
        long offset = cluster.log.size();
        assertEquals(
                offset,
                cluster.register(another(9).rack("a").build()).response().brokerEpoch());
        RegisterBrokerRecord broker = cluster.image.broker(9);
        assertNotNull(broker);
        assertTrue(broker.fenced());
        assertEquals("a", broker.rack());
        assertEquals(offset, broker.brokerEpoch());
        assertEquals(9101, broker.endPoints().getFirst().port());
    }

    @Test
    void theSameStartMayRegisterAgainAndKeepsItsEpoch() {
        RegisterBrokerRecord before = cluster.image.broker(1);
        assertNotNull(before);
        var answer = cluster.register(TestCluster.registration(1, before.incarnationId())
                .rack("moved")
                .build());
        assertEquals(before.brokerEpoch(), answer.response().brokerEpoch());
        assertEquals(before.toBuilder().rack("moved").build(), cluster.image.broker(1));
        assertEquals("leader 0 epoch 0 isr 0,1,2", cluster.story());
    }

    @Test
    void anIdIsTakenAsLongAsItsOwnerIsHeardOf() {
        assertRefused(
                ErrorCode.DUPLICATE_BROKER_REGISTRATION,
                "Another broker is registered with that broker id",
                another(0).build());
        cluster.nowMs += TestCluster.SESSION_MS;
        assertEquals(0, cluster.register(another(0).build()).response().errorCode());
        assertEquals("leader 1 epoch 1 isr 1,2", cluster.story());
    }

    @Test
    void whoseConnectionHasBrokenMayStartAgainAtOnce() {
        cluster.liveness.connectionBroke(0, cluster.epoch(0), cluster.nowMs);
        assertEquals(0, cluster.register(another(0).build()).response().errorCode());
    }

    /** It may have died together with the controller before, which alone had its connection. */
    @Test
    void whoWasNotHeardOfByANewControllerMayStartAgainSoon() {
        cluster.liveness.reset(cluster.image, cluster.nowMs);
        assertRefused(
                ErrorCode.DUPLICATE_BROKER_REGISTRATION,
                "Another broker is registered with that broker id",
                another(0).build());
        cluster.heartbeat(cluster.beat(1).build());
        cluster.nowMs += TestCluster.GRACE_MS;
        assertEquals(0, cluster.register(another(0).build()).response().errorCode());
        assertRefused(
                ErrorCode.DUPLICATE_BROKER_REGISTRATION,
                "Another broker is registered with that broker id",
                another(1).build());
    }

    @Test
    void whoWasAllowedToGoMayStartAgainAtOnce() {
        assertTrue(cluster.heartbeat(cluster.beat(2).wantShutDown(true).build()).shouldShutDown());
        assertEquals(0, cluster.register(another(2).build()).response().errorCode());
    }

    @Test
    void whatIsWrongIsRefusedInKafkasWords() {
        assertRefused(
                ErrorCode.INCONSISTENT_CLUSTER_ID,
                "Expected cluster ID cluster, but got cluster ID other",
                another(9).clusterId("other").build());
        assertRefused(
                ErrorCode.INVALID_REGISTRATION,
                "No directories specified in request",
                another(9).logDirs(List.of()).build());
        assertRefused(
                ErrorCode.INVALID_REGISTRATION,
                "Reserved directory ID in request",
                another(9).logDirs(List.of(new UUID(0, 1))).build());
        assertRefused(
                ErrorCode.INVALID_REGISTRATION,
                "Duplicate directory ID in request",
                another(9).logDirs(List.of(new UUID(5, 1), new UUID(5, 1))).build());
        assertRefused(
                ErrorCode.INVALID_REGISTRATION,
                "Broker 1 is already registered with directory",
                another(9).logDirs(List.of(new UUID(101, 1))).build());
        assertRefused(
                ErrorCode.INVALID_REGISTRATION,
                "Request features do not contain 'metadata.version'",
                another(9).features(List.of()).build());
        cluster.replay(List.of(new FeatureLevelRecord("group.version", (short) 1)));
        assertRefused(
                ErrorCode.UNSUPPORTED_VERSION,
                "does not support finalized version 1 of group.version. The broker wants a version between 0 and 0",
                another(9).build());
    }

    @Test
    void onlyWhoIsThereCanBeUnregistered() {
        Decision decision = cluster.registrations.unregister(cluster.image, cluster.liveness, 9);
        assertEquals(ErrorCode.BROKER_ID_NOT_REGISTERED, decision.error());
        assertEquals("Broker ID 9 is not currently registered", decision.message());
    }

    @Test
    void controllersRegisterAndAreInSnapshots() {
        ControllerRegistrationRequest request = ControllerRegistrationRequest.builder()
                .controllerId(3000)
                .incarnationId(new UUID(1, 2))
                .listeners(
                        List.of(new ControllerRegistrationRequest.Listener("CONTROLLER", "localhost", 9093, (short) 0)))
                .features(List.of(new ControllerRegistrationRequest.Feature("metadata.version", (short) 7, (short) 33)))
                .build();
        cluster.replay(cluster.registrations.register(cluster.image, request).records());
        assertNotNull(cluster.image.controller(3000));
        assertEquals(
                List.of(),
                cluster.registrations.register(cluster.image, request).records());
        assertEquals(
                cluster.image.snapshot(),
                ClusterImage.EMPTY.replay(cluster.image.snapshot()).snapshot());
    }

    private UpdateFeaturesResponse update(String feature, int level, int upgradeType) {
        var updates = new FeatureUpdates(
                cluster.settings,
                Map.of(ELR, new Levels((short) 0, (short) 1), "metadata.version", new Levels((short) 7, (short) 40)));
        var outcome = updates.update(
                cluster.image,
                UpdateFeaturesRequest.builder()
                        .featureUpdates(
                                List.of(new FeatureUpdateKey(feature, (short) level, false, (byte) upgradeType)))
                        .build(),
                (short) 2);
        cluster.replay(outcome.records());
        return outcome.answer();
    }

    @Test
    void featuresGoUpAndDownAsFarAsAllNodesKnowThem() {
        assertEquals(0, update(ELR, 1, 1).errorCode());
        assertEquals(Map.of(ELR, (short) 1), cluster.image.features());
        assertFault(ELR, 0, 1, "Can't downgrade the version of this feature without setting the upgrade type");
        assertEquals(0, update(ELR, 0, 2).errorCode());
        assertEquals(Map.of(), cluster.image.features());
        assertFault(ELR, 1, 2, "Can't downgrade to a newer version.");
        assertFault(ELR, 2, 1, "Local controller 3000 only supports versions 0-1");
        assertFault(ELR, -1, 1, "A feature version cannot be less than 0.");
        assertFault(ELR, 1, 9, "The controller does not support the given upgrade type.");
        assertFault("x.version", 1, 1, "Local controller 3000 does not support this feature.");
        assertFault("metadata.version", 40, 1, "Broker 0 only supports versions 7-33");
        assertEquals(0, update("metadata.version", 33, 1).errorCode());
        assertFault("metadata.version", 32, 2, "Refusing to perform the requested downgrade");
        assertFault("metadata.version", 32, 3, "Refusing to perform the requested downgrade");
    }

    private void assertFault(String feature, int level, int upgradeType, String reason) {
        UpdateFeaturesResponse answer = update(feature, level, upgradeType);
        assertEquals(ErrorCode.INVALID_UPDATE_VERSION.code(), answer.errorCode());
        assertTrue(
                String.valueOf(answer.errorMessage())
                        .startsWith(
                                "The update failed for all features since the following feature had an error: Invalid"
                                        + " update version " + level + " for feature " + feature + ". " + reason),
                answer::errorMessage);
    }
}
