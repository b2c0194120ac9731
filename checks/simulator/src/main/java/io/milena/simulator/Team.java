package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.milena.simulator.Brokers.Target;
import io.milena.simulator.invariants.CommittedOffsetsNeverGoBack;
import io.milena.simulator.invariants.OneOwnerPerGeneration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the members of a group have in common: the partitions of a topic that they share, and how far it was confirmed to one of them that these are read. */
public final class Team {
    private final String group;
    private final List<Pipeline.Input> inputs;
    private final CommittedOffsetsNeverGoBack offsets = new CommittedOffsetsNeverGoBack();
    private final OneOwnerPerGeneration owners = new OneOwnerPerGeneration();
    /** By partition: how far a commit was confirmed, or found. */
    private final long[] committed;

    private int commits;

    /** @param inputs all partitions of one topic, in their order */
    public Team(String group, List<Pipeline.Input> inputs) {
        this.group = group;
        this.inputs = inputs;
        this.committed = new long[inputs.size()];
    }

    String group() {
        return group;
    }

    String topic() {
        return inputs.getFirst().topic();
    }

    Target coordinator() {
        return Target.ofGroup(group);
    }

    List<Integer> partitions() {
        return IntStream.range(0, inputs.size()).boxed().toList();
    }

    /** How many commits were confirmed. */
    public int commits() {
        return commits;
    }

    /** Whether no more will come, and all is committed. */
    boolean isOver() {
        return partitions().stream()
                .allMatch(partition -> inputs.get(partition).isOver()
                        && committed[partition] >= inputs.get(partition).count());
    }

    /** The coordinator has given partitions to a member for a generation, or an epoch. */
    void given(int generation, String member, Collection<Integer> partitions) {
        partitions.forEach(partition -> owners.given(group, generation, partition, member));
    }

    void asked(int partition, long offset) {
        offsets.asked(group, Integer.toString(partition), offset);
    }

    void confirmed(int partition, long offset) {
        offsets.confirmed(group, Integer.toString(partition), offset);
        committed[partition] = Math.max(committed[partition], offset);
        commits++;
    }

    /**
     * How far partitions are read, by the coordinator; null if it is none or does not know the member, or was replaced meanwhile and may not know of the newest commits.
     *
     * @param member null for somebody who is none
     */
    @Nullable
    List<Long> committed(Brokers brokers, @Nullable String member, int epoch, List<Integer> partitions)
            throws IOException {
        boolean wasInCharge = brokers.isInCharge(coordinator());
        Map<Integer, Long> least = new TreeMap<>();
        partitions.forEach(partition -> least.put(partition, offsets.least(group, Integer.toString(partition))));
        OffsetFetchRequestGroup asked = OffsetFetchRequestGroup.builder()
                .groupId(group)
                .memberId(member)
                .memberEpoch(epoch)
                .topics(List.of(OffsetFetchRequestTopics.builder()
                        .name(topic())
                        .partitionIndexes(partitions)
                        .build()))
                .build();
        OffsetFetchRequest request = OffsetFetchRequest.builder()
                .groups(List.of(asked))
                .requireStable(true)
                .build();
        OffsetFetchResponseGroup answer = brokers.ask(coordinator(), request, 9, OffsetFetchResponse.class)
                .groups()
                .getFirst();
        boolean isFine = brokers.isFine(
                answer.errorCode(),
                "asking how far " + group + " is",
                ErrorCode.UNKNOWN_MEMBER_ID,
                ErrorCode.STALE_MEMBER_EPOCH,
                ErrorCode.GROUP_ID_NOT_FOUND);
        if (!isFine || !wasInCharge || !brokers.isInCharge(coordinator())) {
            return null;
        }
        List<Long> found = new ArrayList<>();
        for (OffsetFetchResponsePartitions each : answer.topics().getFirst().partitions()) {
            int partition = each.partitionIndex();
            offsets.found(
                    group, Integer.toString(partition), each.committedOffset(), least.getOrDefault(partition, -1L));
            committed[partition] = Math.max(committed[partition], each.committedOffset());
            brokers.heardOf(Target.leader(topic(), partition), each.committedLeaderEpoch());
            found.add(Math.max(0, each.committedOffset()));
        }
        return found;
    }

    /** Looks whether all that was confirmed is still there. */
    public boolean look(Brokers brokers) throws IOException {
        return committed(brokers, null, -1, partitions()) != null;
    }
}
