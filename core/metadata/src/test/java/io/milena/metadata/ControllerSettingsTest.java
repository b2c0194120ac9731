package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.protocol.record.ConfigRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerSettingsTest {
    private static ClusterImage set(ClusterImage image, Resource resource, String name, String value) {
        return image.replay(List.of(new ConfigRecord(resource.type(), resource.name(), name, value)));
    }

    @Test
    void theTopicsOwnSettingCountsFirstThenTheNodesThenThatOfAllBrokers() {
        ControllerSettings settings = new ControllerSettings(7, 1, (short) 1, 5, false);
        ClusterImage image = ClusterImage.EMPTY;
        assertEquals(5, settings.minInsyncReplicas(image, "t"));
        image = set(image, Resource.allBrokers(), "min.insync.replicas", "4");
        assertEquals(4, settings.minInsyncReplicas(image, "t"));
        image = set(image, Resource.broker(7), "min.insync.replicas", "3");
        assertEquals(3, settings.minInsyncReplicas(image, "t"));
        image = set(image, Resource.topic("t"), "min.insync.replicas", "2");
        assertEquals(2, settings.minInsyncReplicas(image, "t"));
        assertEquals(3, settings.minInsyncReplicas(image, "other"));
    }

    @Test
    void uncleanElectionsAreForbiddenUnlessSomebodyAllowsThem() {
        ControllerSettings settings = ControllerSettings.of(7, 1);
        assertFalse(settings.allowsUncleanElections(ClusterImage.EMPTY, "t"));
        ClusterImage image = set(ClusterImage.EMPTY, Resource.topic("t"), "unclean.leader.election.enable", "true");
        assertTrue(settings.allowsUncleanElections(image, "t"));
        assertFalse(settings.allowsUncleanElections(image, "other"));
    }
}
