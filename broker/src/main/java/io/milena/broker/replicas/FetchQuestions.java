package io.milena.broker.replicas;

import io.milena.broker.partitions.Replica;
import io.milena.broker.peers.Peer;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchRequest.ForgottenTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.milena.replication.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * What a follower asks a leader, in Kafka's words.
 *
 * @param brokerEpoch of this broker now
 * @param waitMs {@code replica.fetch.wait.max.ms}
 * @param bytesMax {@code replica.fetch.response.max.bytes}
 * @param partitionBytesMax {@code replica.fetch.max.bytes}
 */
record FetchQuestions(int localId, LongSupplier brokerEpoch, int waitMs, int bytesMax, int partitionBytesMax) {
    private static final int FETCH_VERSION = 18;
    private static final int LIST_OFFSETS_VERSION = 10;
    private static final long EARLIEST = -2;
    private static final long LATEST = -1;

    /** @param mayWait whether the answer may wait until there is something new */
    FetchResponse fetch(Peer leader, LeaderSession.Changes<Replica> changes, boolean mayWait) throws IOException {
        Map<UUID, List<FetchPartition>> topics = new LinkedHashMap<>();
        changes.named()
                .forEach((replica, position) -> topics.computeIfAbsent(topicId(replica), any -> new ArrayList<>())
                        .add(FetchPartition.builder()
                                .partition(replica.log().partition())
                                .currentLeaderEpoch(position.leaderEpoch())
                                .fetchOffset(position.offset())
                                .lastFetchedEpoch(position.lastFetchedEpoch())
                                .logStartOffset(position.logStartOffset())
                                .highWatermark(position.highWatermark())
                                .partitionMaxBytes(partitionBytesMax)
                                .build()));
        Map<UUID, List<Integer>> forgotten = new LinkedHashMap<>();
        changes.forgotten()
                .forEach(replica -> forgotten
                        .computeIfAbsent(topicId(replica), any -> new ArrayList<>())
                        .add(replica.log().partition()));
        FetchRequest request = FetchRequest.builder()
                .replicaState(new FetchRequest.ReplicaState(localId, brokerEpoch.getAsLong()))
                .maxWaitMs(mayWait ? waitMs : 0)
                .minBytes(1)
                .maxBytes(bytesMax)
                .sessionId(changes.sessionId())
                .sessionEpoch(changes.epoch())
                .topics(topics.entrySet().stream()
                        .map(topic -> FetchTopic.builder()
                                .topicId(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .forgottenTopicsData(forgotten.entrySet().stream()
                        .map(topic -> ForgottenTopic.builder()
                                .topicId(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build();
        return leader.ask(request, FETCH_VERSION, FetchResponse.class);
    }

    private static UUID topicId(Replica replica) {
        return replica.log().topicId();
    }

    /** Where the leader's log begins and ends, as the replica's next command. */
    Command offsets(Peer leader, Replica replica) throws IOException {
        int leaderEpoch = replica.state().leaderEpoch();
        ListOffsetsPartitionResponse start = offset(leader, replica, leaderEpoch, EARLIEST);
        ListOffsetsPartitionResponse end = offset(leader, replica, leaderEpoch, LATEST);
        short error = start.errorCode() == ErrorCode.NONE.code() ? end.errorCode() : start.errorCode();
        return error == ErrorCode.NONE.code()
                ? new Command.OffsetsAnswered(leaderEpoch, start.offset(), end.offset())
                : new Command.OffsetsRefused(leaderEpoch, ErrorCode.of(error));
    }

    private ListOffsetsPartitionResponse offset(Peer leader, Replica replica, int leaderEpoch, long which)
            throws IOException {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(localId)
                .topics(List.of(new ListOffsetsTopic(
                        replica.log().topic(),
                        List.of(ListOffsetsPartition.builder()
                                .partitionIndex(replica.log().partition())
                                .currentLeaderEpoch(leaderEpoch)
                                .timestamp(which)
                                .build()))))
                .build();
        return leader.ask(request, LIST_OFFSETS_VERSION, ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }
}
