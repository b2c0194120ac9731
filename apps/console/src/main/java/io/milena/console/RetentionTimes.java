package io.milena.console;

import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long topics keep their records. */
final class RetentionTimes {
    private static final String POLICY = "cleanup.policy";
    private static final String TIME = "retention.ms";
    private static final long FOR_EVER = -1;

    private RetentionTimes() {}

    /** In ms, of each of these topics that is there; -1 where records are kept for ever, or compacted only. */
    static Map<String, Long> of(Collection<String> topics, Cluster cluster) throws BadRequest {
        Map<String, Long> times = new HashMap<>();
        if (topics.isEmpty()) {
            return times;
        }
        List<DescribeConfigsResource> asked = topics.stream()
                .map(topic -> new DescribeConfigsResource(Cluster.TOPIC, topic, List.of(POLICY, TIME)))
                .toList();
        cluster.ask(new DescribeConfigsRequest(asked, false, false), DescribeConfigsResponse.class)
                .results()
                .forEach(result -> times.put(result.resourceName(), timeMs(result.configs())));
        return times;
    }

    private static long timeMs(List<DescribeConfigsResourceResult> settings) {
        long timeMs = FOR_EVER;
        for (DescribeConfigsResourceResult setting : settings) {
            String value = setting.value();
            if (setting.name().equals(POLICY) && value != null && !value.contains("delete")) {
                return FOR_EVER;
            }
            if (setting.name().equals(TIME) && value != null) {
                timeMs = Long.parseLong(value);
            }
        }
        return timeMs;
    }
}
