package io.milena.cli.client;

import io.milena.protocol.WireReader;
import io.milena.protocol.message.ConsumerProtocolAssignment;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
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
    /** The last version with one group and topic names. */
    private static final int FETCH_VERSION_MAX = 7;

    private final ClusterClient client;
    private final String group;

    public GroupQuestions(ClusterClient client, String group) {
        this.client = client;
        this.group = group;
    }

    /** @param owners partition ({@code topic-index}) to member */
    public record Members(String state, List<String> ids, Map<String, String> owners) {}

    /** @param committed -1 for nothing yet */
    public record Position(long committed, long end) {}

    public Members members() throws IOException {
        DescribeGroupsRequest request =
                DescribeGroupsRequest.builder().groups(List.of(group)).build();
        DescribedGroup described = client.sendToCoordinator(
                        group, request, Short.MAX_VALUE, DescribeGroupsResponse.class)
                .groups()
                .getFirst();
        ClusterClient.check(described.errorCode(), "group " + group, described.errorMessage());
        Map<String, String> owners = new HashMap<>();
        if (described.protocolType().equals("consumer")) {
            for (DescribedGroupMember member : described.members()) {
                assigned(member.memberAssignment()).forEach(partition -> owners.put(partition, member.memberId()));
            }
        }
        return new Members(
                described.groupState(),
                described.members().stream().map(DescribedGroupMember::memberId).toList(),
                owners);
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
