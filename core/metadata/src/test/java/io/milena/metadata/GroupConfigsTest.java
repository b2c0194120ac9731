package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.record.ConfigRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of single groups. */
class GroupConfigsTest {
    private static final Resource GROUP = new Resource(Resource.GROUP, "g");

    private final Controller controller = new Controller(1, 4);

    private Decision set(ClusterImage image, Map<String, @Nullable String> changes) {
        return controller.configure(image, GROUP, changes);
    }

    @Test
    void areSetAndUnset() {
        Decision set = set(ClusterImage.EMPTY, Map.of("consumer.session.timeout.ms", " 50000 "));
        assertEquals(
                List.of(new ConfigRecord(Resource.GROUP, "g", "consumer.session.timeout.ms", "50000")), set.records());
        ClusterImage image = ClusterImage.EMPTY.replay(set.records());
        assertEquals(Map.of("consumer.session.timeout.ms", "50000"), image.settings(GROUP));
        Map<String, @Nullable String> unset = new TreeMap<>();
        unset.put("consumer.session.timeout.ms", null);
        assertEquals(Map.of(), image.replay(set(image, unset).records()).settings(GROUP));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        foo                            | 1   | Unknown group config name: foo
        retention.ms                   | 1   | Unknown group config name: retention.ms
        consumer.session.timeout.ms    | abc | abc
        consumer.session.timeout.ms    | 0   | consumer.session.timeout.ms
        consumer.heartbeat.interval.ms | -1  | consumer.heartbeat.interval.ms
        """)
    void areChecked(String name, String value, String reason) {
        Decision refused = set(ClusterImage.EMPTY, Map.of(name, value));
        assertEquals(ErrorCode.INVALID_CONFIG, refused.error());
        assertTrue(String.valueOf(refused.message()).contains(reason), () -> "" + refused.message());
    }

    @Test
    void haveToFitTogether() {
        ClusterImage image =
                ClusterImage.EMPTY.replay(set(ClusterImage.EMPTY, Map.of("consumer.heartbeat.interval.ms", "6000"))
                        .records());
        Decision refused = set(image, Map.of("consumer.session.timeout.ms", "6000"));
        assertEquals(ErrorCode.INVALID_CONFIG, refused.error());
        assertEquals(
                "consumer.session.timeout.ms (6000) must be more than consumer.heartbeat.interval.ms (6000).",
                refused.message());
    }
}
