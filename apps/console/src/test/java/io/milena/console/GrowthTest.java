package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.console.charts.Charts.Line;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredMetric;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was counted between two samples. */
class GrowthTest {
    private static final Line ALL = new Line("records-in", Map.of());

    @Test
    void allIsTheSumOfTheTopics() {
        assertEquals(
                Map.of(ALL, 12.0, of("orders"), 5.0, of("clicks"), 7.0),
                measured("orders", 15, "clicks", 107).grownSince(measured("orders", 10, "clicks", 100)));
    }

    @Test
    void topicThatIsDeletedIsNoTraffic() {
        assertEquals(
                Map.of(ALL, 5.0, of("orders"), 5.0),
                measured("orders", 15).grownSince(measured("orders", 10, "deleted", 1_000)));
    }

    @Test
    void topicThatIsNewCountsFromItsFirstRecordAndIsDrawnFromItsSecondSample() {
        assertEquals(
                Map.of(ALL, 8.0, of("orders"), 0.0),
                measured("orders", 10, "new", 8).grownSince(measured("orders", 10)));
    }

    @Test
    void brokerThatWasStartedAnewCountsFromZero() {
        assertEquals(Map.of(ALL, 3.0, of("orders"), 3.0), measured("orders", 3).grownSince(measured("orders", 10)));
    }

    private static Line of(String topic) {
        return new Line("records-in", Map.of("topic", topic));
    }

    private static Measured measured(String topic, double records) {
        return measured(Map.of(topic, records));
    }

    private static Measured measured(String topic, double records, String another, double itsRecords) {
        return measured(Map.of(topic, records, another, itsRecords));
    }

    private static Measured measured(Map<String, Double> records) {
        List<MeasuredValue> values = records.entrySet().stream()
                .map(each -> new MeasuredValue(List.of(each.getKey()), each.getValue(), List.of()))
                .toList();
        return new Measured(
                0,
                DescribeMeasurementsResponse.builder()
                        .metrics(
                                List.of(new MeasuredMetric("kafka_server_brokertopicmetrics_messagesin_total", values)))
                        .build());
    }
}
