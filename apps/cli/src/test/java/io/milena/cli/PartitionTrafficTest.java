package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.cli.PartitionPlan.Place;
import io.milena.cli.PartitionTraffic.Count;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredMetric;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PartitionTrafficTest {
    private static final Place ORDERS = new Place("orders", 0);
    private static final Place OTHERS = new Place("others", 7);

    @Test
    void whatGrowsIsARateAndWhatBeginsAnewIsNone() {
        Map<Integer, Count> before = Map.of(
                1, new Count(10, Map.of(ORDERS, 1_000.0, OTHERS, 500.0), Map.of(ORDERS, 0.0)),
                2, new Count(10, Map.of(), Map.of(ORDERS, 100.0)));
        Map<Integer, Count> after = Map.of(
                1, new Count(14, Map.of(ORDERS, 5_000.0, OTHERS, 20.0), Map.of(ORDERS, 400.0)),
                2, new Count(12, Map.of(OTHERS, 9.0), Map.of(ORDERS, 300.0)),
                3, new Count(12, Map.of(ORDERS, 1e9), Map.of()));

        PartitionTraffic traffic = PartitionTraffic.between(before, after);

        assertEquals(1_000, traffic.in(ORDERS));
        assertEquals(0, traffic.in(OTHERS));
        assertEquals(100 + 100, traffic.out(ORDERS));
        assertEquals(1_200, traffic.sum());
    }

    @Test
    void whatABrokerSaysIsCountedByPartition() {
        DescribeMeasurementsResponse said = DescribeMeasurementsResponse.builder()
                .metrics(List.of(
                        new MeasuredMetric(
                                "milena_partition_received_bytes_total",
                                List.of(new MeasuredValue(List.of("others", "7"), 17, List.of()))),
                        new MeasuredMetric(
                                "milena_partition_sent_bytes_total",
                                List.of(new MeasuredValue(List.of("orders", "0"), 3, List.of())))))
                .build();
        assertEquals(new Count(1, Map.of(OTHERS, 17.0), Map.of(ORDERS, 3.0)), Count.of(1, said));
    }
}
