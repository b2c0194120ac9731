package io.milena.broker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.cluster.SettingHistory.Change;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingHistoryTest {
    private static final ClusterImage.Resource ORDERS = ClusterImage.Resource.topic("orders");

    private final SettingHistory history = new SettingHistory();
    private ClusterImage image = ClusterImage.EMPTY;

    private void hear(long offset, long timeMs, Message... records) {
        history.hear(image, offset, timeMs, List.of(records));
        image = image.replay(List.of(records));
    }

    private static Message retention(@Nullable String value) {
        return new ConfigRecord(ClusterImage.Resource.TOPIC, "orders", "retention.ms", value);
    }

    @Test
    void eachChangeSaysWhatWasBeforeAndWhen() {
        hear(7, 1000, retention("60000"));
        hear(8, 2000, retention("70000"), retention(null));
        assertEquals(
                List.of(
                        new Change(7, 1000, ORDERS, "retention.ms", null, "60000"),
                        new Change(8, 2000, ORDERS, "retention.ms", "60000", "70000"),
                        new Change(9, 2000, ORDERS, "retention.ms", "70000", null)),
                history.of(ORDERS).changes());
        assertTrue(history.of(ORDERS).isComplete());
        assertEquals(
                List.of(), history.of(ClusterImage.Resource.topic("others")).changes());
    }

    @Test
    void whatChangesNothingIsNoChange() {
        hear(7, 1000, retention("60000"));
        hear(8, 2000, retention("60000"));
        assertEquals(1, history.of(ORDERS).changes().size());
    }

    @Test
    void aSnapshotHasNoPast() {
        hear(7, 1000, retention("60000"));
        history.begin();
        assertEquals(List.of(), history.of(ORDERS).changes());
        assertFalse(history.of(ORDERS).isComplete());
    }

    @Test
    void theLastThousandAreKept() {
        for (int i = 0; i < 1001; i++) {
            assertTrue(history.of(ORDERS).isComplete());
            hear(i, i, retention(Integer.toString(i)));
        }
        SettingHistory.Known known = history.of(ORDERS);
        assertEquals(1000, known.changes().size());
        assertEquals(1, known.changes().getFirst().offset());
        assertFalse(known.isComplete());
    }
}
