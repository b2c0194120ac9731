package io.milena.cli;

import io.milena.cli.PartitionPlan.Place;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.message.DescribeMeasurementsRequest;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredMetric;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredValue;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What clients write to and read from each partition in a second, as the brokers have counted it over a few seconds. Brokers that are not Milena's do not say.
 *
 * @param in bytes written
 * @param out bytes read, from whichever replica
 */
record PartitionTraffic(Map<Place, Double> in, Map<Place, Double> out) {
    static final PartitionTraffic NONE = new PartitionTraffic(Map.of(), Map.of());
    private static final String RECEIVED = "milena_partition_received_bytes_total";
    private static final String SENT = "milena_partition_sent_bytes_total";
    private static final double NANOS_PER_SECOND = 1e9;

    /** What one broker has counted since its start, at one moment. */
    record Count(double atSeconds, Map<Place, Double> received, Map<Place, Double> sent) {
        static Count of(double atSeconds, DescribeMeasurementsResponse response) {
            Count count = new Count(atSeconds, new HashMap<>(), new HashMap<>());
            for (MeasuredMetric metric : response.metrics()) {
                for (MeasuredValue value : metric.values()) {
                    Place place = new Place(
                            value.labels().get(0),
                            Integer.parseInt(value.labels().get(1)));
                    (metric.name().equals(RECEIVED) ? count.received : count.sent).put(place, value.value());
                }
            }
            return count;
        }
    }

    /** Counts for so long; nothing is known after no time. */
    static PartitionTraffic measure(ClusterClient client, long seconds) throws IOException {
        if (seconds == 0) {
            return NONE;
        }
        try {
            Map<Integer, Count> before = counts(client);
            TimeUnit.SECONDS.sleep(seconds);
            return between(before, counts(client));
        } catch (EOFException e) {
            return NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    private static Map<Integer, Count> counts(ClusterClient client) throws IOException {
        Map<Integer, Count> counts = new HashMap<>();
        for (MetadataResponseBroker broker : client.brokers()) {
            DescribeMeasurementsResponse response = client.askOwn(
                    broker,
                    new DescribeMeasurementsRequest(List.of(RECEIVED, SENT)),
                    DescribeMeasurementsResponse.class);
            counts.put(broker.nodeId(), Count.of(System.nanoTime() / NANOS_PER_SECOND, response));
        }
        return counts;
    }

    /** A broker or a partition that was not there before, or has begun anew, tells the next time. */
    static PartitionTraffic between(Map<Integer, Count> before, Map<Integer, Count> after) {
        PartitionTraffic traffic = new PartitionTraffic(new HashMap<>(), new HashMap<>());
        after.forEach((broker, now) -> {
            Count then = before.get(broker);
            if (then != null) {
                double seconds = now.atSeconds - then.atSeconds;
                add(traffic.in, then.received, now.received, seconds);
                add(traffic.out, then.sent, now.sent, seconds);
            }
        });
        return traffic;
    }

    private static void add(Map<Place, Double> rates, Map<Place, Double> then, Map<Place, Double> now, double seconds) {
        now.forEach((place, bytes) -> {
            double more = bytes - then.getOrDefault(place, bytes);
            if (more > 0) {
                rates.merge(place, more / seconds, Double::sum);
            }
        });
    }

    double in(Place place) {
        return in.getOrDefault(place, 0.0);
    }

    double out(Place place) {
        return out.getOrDefault(place, 0.0);
    }

    /** Of all partitions, written and read. */
    double sum() {
        return in.values().stream().mapToDouble(Double::doubleValue).sum()
                + out.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
