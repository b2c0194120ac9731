package io.milena.broker.metrics;

import io.milena.broker.api.OtherBrokers;
import io.milena.groups.GroupSummary;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.message.DescribeLagRequest;
import io.milena.protocol.message.DescribeLagRequest.LagPlace;
import io.milena.protocol.message.DescribeLagResponse;
import io.milena.protocol.message.DescribeLagResponse.LagThere;
import io.milena.protocol.record.PartitionRecord;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How far groups are behind in partitions that other brokers lead: each of those is asked once for all of them. One that does not answer is left alone for a while, so that a scrape does not wait for it every time. Safe for use
 * by many threads.
 */
final class LagElsewhere {
    private static final System.Logger LOG = System.getLogger(LagElsewhere.class.getName());
    private static final long LEFT_ALONE_MS = 30_000;

    private final OtherBrokers others;
    private final Supplier<ClusterImage> image;
    private final int nodeId;
    private final Clock clock;
    /** By broker. */
    private final Map<Integer, Deadline> leftAlone = new ConcurrentHashMap<>();

    LagElsewhere(OtherBrokers others, Supplier<ClusterImage> image, int nodeId, Clock clock) {
        this.others = others;
        this.image = image;
        this.nodeId = nodeId;
        this.clock = clock;
    }

    /** Of what was committed, the lags that other brokers can tell. */
    Map<GroupSummary.Offset, LagThere> of(List<GroupSummary.Offset> committed) {
        Map<Integer, List<GroupSummary.Offset>> byLeader = new TreeMap<>();
        Map<String, Map<Integer, Integer>> leaders = leaders();
        for (GroupSummary.Offset offset : committed) {
            Integer leader = leaders.getOrDefault(offset.topic(), Map.of()).get(offset.partition());
            if (leader != null && leader >= 0 && leader != nodeId) {
                byLeader.computeIfAbsent(leader, id -> new ArrayList<>()).add(offset);
            }
        }
        Map<GroupSummary.Offset, LagThere> lags = new LinkedHashMap<>();
        byLeader.forEach((leader, asked) -> ask(leader, asked, lags));
        return lags;
    }

    private Map<String, Map<Integer, Integer>> leaders() {
        Map<String, Map<Integer, Integer>> leaders = new HashMap<>();
        for (ClusterImage.Topic topic : image.get().topics()) {
            Map<Integer, Integer> ofTopic = new HashMap<>();
            for (PartitionRecord partition : topic.partitions()) {
                ofTopic.put(partition.partitionId(), partition.leader());
            }
            leaders.put(topic.name(), ofTopic);
        }
        return leaders;
    }

    private void ask(int leader, List<GroupSummary.Offset> asked, Map<GroupSummary.Offset, LagThere> lags) {
        Deadline until = leftAlone.get(leader);
        if (until != null && !until.isPast()) {
            return;
        }
        DescribeLagRequest request = new DescribeLagRequest(asked.stream()
                .map(each -> new LagPlace(each.topic(), each.topicId(), each.partition(), each.offset()))
                .toList());
        try {
            List<LagThere> told =
                    others.ask(leader, request, 0, DescribeLagResponse.class).lags();
            for (int i = 0; i < Math.min(told.size(), asked.size()); i++) {
                if (told.get(i).records() >= 0) {
                    lags.put(asked.get(i), told.get(i));
                }
            }
            leftAlone.remove(leader);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "No lag is known of partitions of broker {0}: {1}", leader, e.getMessage());
            leftAlone.put(leader, Deadline.afterMs(clock, LEFT_ALONE_MS));
        }
    }
}
