package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeRequest;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.DescribeLagRequest;
import io.milena.protocol.message.DescribeLagRequest.LagPlace;
import io.milena.protocol.message.DescribeLagResponse;
import io.milena.protocol.message.DescribeLagResponse.LagThere;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** How far all groups are, for who looks at all of them: a few requests to each broker, however many groups and partitions there are. What a broker does not answer is left out. */
final class GroupFacts {
    private static final System.Logger LOG = System.getLogger(GroupFacts.class.getName());
    private static final String CLASSIC = "classic";

    private final Cluster cluster;
    private final Map<String, MetadataResponseTopic> topics = new HashMap<>();
    private final Map<String, Integer> members = new HashMap<>();
    /** By the leaders of their partitions. */
    private final Map<Integer, List<Committed>> committed = new TreeMap<>();

    /** @param topics all that there are */
    GroupFacts(Cluster cluster, List<MetadataResponseTopic> topics) {
        this.cluster = cluster;
        topics.forEach(topic -> this.topics.put(Cluster.name(topic), topic));
    }

    private record Committed(String group, LagPlace place) {}

    /**
     * A group in a partition for which it has committed an offset.
     *
     * @param members of the group
     * @param start the first offset that is there
     * @param lagMs the age of the first record that is not committed; empty where nothing tells it
     */
    record Fact(
            String group, int members, String topic, int partition, long committed, long start, OptionalLong lagMs) {}

    /** Of at most so many groups. */
    List<Fact> gather(int groupsMax) throws BadRequest {
        int left = groupsMax;
        for (Map.Entry<Integer, ListGroupsResponse> answer : cluster.askAll(
                        ListGroupsRequest.builder().build(), ListGroupsResponse.class)
                .entrySet()) {
            List<ListedGroup> all = answer.getValue().groups();
            List<ListedGroup> groups = all.subList(0, Math.min(left, all.size()));
            left -= groups.size();
            if (!groups.isEmpty()) {
                askCoordinator(answer.getKey(), groups);
            }
        }
        List<Fact> facts = new ArrayList<>();
        for (Map.Entry<Integer, List<Committed>> of : committed.entrySet()) {
            askLeader(of.getKey(), of.getValue(), facts);
        }
        return facts;
    }

    private void askCoordinator(int broker, List<ListedGroup> groups) throws BadRequest {
        try {
            countMembers(broker, groups);
            OffsetFetchRequest request = OffsetFetchRequest.builder()
                    .groups(groups.stream()
                            .map(group -> OffsetFetchRequestGroup.builder()
                                    .groupId(group.groupId())
                                    .topics(null)
                                    .build())
                            .toList())
                    .build();
            cluster.ask(broker, request, Cluster.OFFSETS_WITH_NAMES, OffsetFetchResponse.class)
                    .groups()
                    .forEach(this::add);
        } catch (BadRequest e) {
            leaveOut(broker, e);
        }
    }

    private void countMembers(int broker, List<ListedGroup> groups) throws BadRequest {
        List<String> classic = new ArrayList<>();
        List<String> others = new ArrayList<>();
        groups.forEach(group -> (group.groupType().equalsIgnoreCase(CLASSIC) ? classic : others).add(group.groupId()));
        if (!classic.isEmpty()) {
            cluster.ask(broker, DescribeGroupsRequest.builder().groups(classic).build(), DescribeGroupsResponse.class)
                    .groups()
                    .forEach(group ->
                            members.put(group.groupId(), group.members().size()));
        }
        if (!others.isEmpty()) {
            cluster.ask(
                            broker,
                            ConsumerGroupDescribeRequest.builder()
                                    .groupIds(others)
                                    .build(),
                            ConsumerGroupDescribeResponse.class)
                    .groups()
                    .forEach(group ->
                            members.put(group.groupId(), group.members().size()));
        }
    }

    /** What is committed for topics that are no more is left out. */
    private void add(OffsetFetchResponseGroup group) {
        group.topics().forEach(of -> {
            MetadataResponseTopic topic = topics.get(of.name());
            if (topic != null) {
                Map<Integer, Integer> leaders = new HashMap<>();
                for (MetadataResponsePartition partition : topic.partitions()) {
                    leaders.put(partition.partitionIndex(), partition.leaderId());
                }
                of.partitions().forEach(each -> {
                    int leader = leaders.getOrDefault(each.partitionIndex(), -1);
                    if (leader >= 0 && each.committedOffset() >= 0) {
                        committed
                                .computeIfAbsent(leader, broker -> new ArrayList<>())
                                .add(new Committed(
                                        group.groupId(),
                                        new LagPlace(
                                                of.name(),
                                                topic.topicId(),
                                                each.partitionIndex(),
                                                each.committedOffset())));
                    }
                });
            }
        });
    }

    private void askLeader(int leader, List<Committed> places, List<Fact> facts) throws BadRequest {
        try {
            Map<String, Map<Integer, Long>> starts = starts(leader, places);
            List<LagThere> lags = cluster.ask(
                            leader,
                            new DescribeLagRequest(
                                    places.stream().map(Committed::place).toList()),
                            DescribeLagResponse.class)
                    .lags();
            for (int i = 0; i < Math.min(lags.size(), places.size()); i++) {
                LagPlace place = places.get(i).place;
                Long start = starts.getOrDefault(place.topic(), Map.of()).get(place.partition());
                if (start != null) {
                    long ageMs = lags.get(i).ageMs();
                    String group = places.get(i).group;
                    facts.add(new Fact(
                            group,
                            members.getOrDefault(group, 0),
                            place.topic(),
                            place.partition(),
                            place.committedOffset(),
                            start,
                            ageMs < 0 ? OptionalLong.empty() : OptionalLong.of(ageMs)));
                }
            }
        } catch (BadRequest e) {
            leaveOut(leader, e);
        }
    }

    /** Where the partitions begin, by topic and partition. */
    private Map<String, Map<Integer, Long>> starts(int leader, List<Committed> places) throws BadRequest {
        Map<String, TreeSet<Integer>> wanted = new LinkedHashMap<>();
        places.forEach(each -> wanted.computeIfAbsent(each.place.topic(), topic -> new TreeSet<>())
                .add(each.place.partition()));
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(wanted.entrySet().stream()
                        .map(topic -> new ListOffsetsTopic(
                                topic.getKey(),
                                topic.getValue().stream()
                                        .map(index -> new ListOffsetsPartition(index, -1, Offsets.EARLIEST))
                                        .toList()))
                        .toList())
                .build();
        Map<String, Map<Integer, Long>> starts = new HashMap<>();
        cluster.ask(leader, request, ListOffsetsResponse.class)
                .topics()
                .forEach(topic -> topic.partitions().stream()
                        .filter(each -> each.errorCode() == ErrorCode.NONE.code())
                        .forEach(each -> starts.computeIfAbsent(topic.name(), name -> new HashMap<>())
                                .put(each.partitionIndex(), each.offset())));
        return starts;
    }

    /** @throws BadRequest if it is this broker */
    private void leaveOut(int broker, BadRequest why) throws BadRequest {
        if (broker == cluster.brokerId()) {
            throw why;
        }
        LOG.log(Level.DEBUG, "Nothing is known of the groups at broker {0}: {1}", broker, why.detail());
    }
}
