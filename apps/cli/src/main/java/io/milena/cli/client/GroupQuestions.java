package io.milena.cli.client;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.WireReader;
import io.milena.protocol.message.ConsumerGroupDescribeRequest;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.ConsumerProtocolAssignment;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Asks who is in a group, and how far it has read. */
public final class GroupQuestions {
    private static final String CONSUMER = "consumer";
    /** The last version with one group and topic names. */
    private static final int FETCH_VERSION_MAX = 7;

    private final ClusterClient client;
    private final String group;

    public GroupQuestions(ClusterClient client, String group) {
        this.client = client;
        this.group = group;
    }

    /**
     * Who is in it.
     *
     * @param type {@code classic}, or {@code consumer} where the coordinator assigns the partitions (KIP-848)
     */
    public record Members(String type, String state, List<Member> all) {
        public boolean isAssignedByBroker() {
            return type.equals(CONSUMER);
        }

        public List<String> ids() {
            return all.stream().map(Member::id).toList();
        }

        /** Partition ({@code topic-index}) to member. */
        public Map<String, String> owners() {
            Map<String, String> owners = new HashMap<>();
            all.forEach(member -> member.partitions.forEach(partition -> owners.put(partition, member.id)));
            return owners;
        }
    }

    /**
     * A member.
     *
     * @param partitions those that it has, as {@code topic-index}
     * @param isAwaited whether it has still to let go of some, or to hear of its new ones
     */
    public record Member(String id, String clientId, String clientHost, List<String> partitions, boolean isAwaited) {}

    /** @param committed -1 for nothing yet */
    public record Position(long committed, long end) {}

    public Members members() throws IOException {
        DescribeGroupsRequest request =
                DescribeGroupsRequest.builder().groups(List.of(group)).build();
        DescribedGroup classic = client.sendToCoordinator(group, request, Short.MAX_VALUE, DescribeGroupsResponse.class)
                .groups()
                .getFirst();
        boolean isNone = classic.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code();
        if (isNone && client.serves(ApiKey.CONSUMER_GROUP_DESCRIBE)) {
            return consumerMembers();
        }
        ClusterClient.check(classic.errorCode(), "group " + group, classic.errorMessage());
        boolean isOfConsumers = classic.protocolType().equals(CONSUMER);
        return new Members(
                "classic",
                classic.groupState(),
                classic.members().stream()
                        .map(member -> new Member(
                                member.memberId(),
                                member.clientId(),
                                member.clientHost(),
                                isOfConsumers ? assigned(member.memberAssignment()) : List.of(),
                                false))
                        .toList());
    }

    /** Of a group whose coordinator assigns the partitions; there it is told from one that does not exist. */
    private Members consumerMembers() throws IOException {
        ConsumerGroupDescribeRequest request =
                ConsumerGroupDescribeRequest.builder().groupIds(List.of(group)).build();
        ConsumerGroupDescribeResponse.DescribedGroup described = client.sendToCoordinator(
                        group, request, Short.MAX_VALUE, ConsumerGroupDescribeResponse.class)
                .groups()
                .getFirst();
        boolean isNone = described.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code();
        ClusterClient.check(described.errorCode(), "group " + group, isNone ? null : described.errorMessage());
        return new Members(
                CONSUMER,
                described.groupState(),
                described.members().stream()
                        .map(member -> new Member(
                                member.memberId(),
                                member.clientId(),
                                member.clientHost(),
                                partitions(member.assignment()),
                                member.memberEpoch() < described.assignmentEpoch()))
                        .toList());
    }

    private static List<String> partitions(ConsumerGroupDescribeResponse.Assignment assignment) {
        return assignment.topicPartitions().stream()
                .flatMap(topic -> topic.partitions().stream().map(index -> topic.topicName() + "-" + index))
                .toList();
    }

    /** What the assignor of the clients has written, in the format that all of them use. */
    private static List<String> assigned(ByteBuffer assignment) {
        ByteBuffer bytes = assignment.duplicate();
        if (bytes.remaining() < Short.BYTES) {
            return List.of();
        }
        short version = bytes.getShort();
        return ConsumerProtocolAssignment.read(new WireReader(bytes), version).assignedPartitions().stream()
                .flatMap(topic -> topic.partitions().stream().map(index -> topic.topic() + "-" + index))
                .toList();
    }

    /** The partitions of all topics of which the group has committed something, or has been assigned some. */
    public Map<String, Position> positions(Members members) throws IOException {
        Map<String, Map<Integer, Long>> committed = new TreeMap<>(committed());
        TreeSet<String> topics = new TreeSet<>(committed.keySet());
        members.owners().keySet().forEach(partition -> topics.add(partition.substring(0, partition.lastIndexOf('-'))));
        Map<String, Position> positions = new TreeMap<>();
        for (String name : topics) {
            MetadataResponseTopic topic =
                    client.metadata(List.of(name)).topics().getFirst();
            if (topic.errorCode() != 0) {
                continue; // deleted since
            }
            OffsetQuestions offsets = new OffsetQuestions(client, name);
            for (MetadataResponsePartition partition : topic.partitions()) {
                if (partition.leaderId() >= 0) {
                    long offset = committed.getOrDefault(name, Map.of()).getOrDefault(partition.partitionIndex(), -1L);
                    positions.put(
                            name + "-" + partition.partitionIndex(), new Position(offset, offsets.latest(partition)));
                }
            }
        }
        return positions;
    }

    /** By topic and partition. */
    public Map<String, Map<Integer, Long>> committed() throws IOException {
        OffsetFetchRequest request =
                OffsetFetchRequest.builder().groupId(group).topics(null).build();
        OffsetFetchResponse response =
                client.sendToCoordinator(group, request, FETCH_VERSION_MAX, OffsetFetchResponse.class);
        ClusterClient.check(response.errorCode(), "group " + group);
        Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> offsets.computeIfAbsent(topic.name(), _ -> new TreeMap<>())
                                .put(partition.partitionIndex(), partition.committedOffset())));
        return offsets;
    }
}
