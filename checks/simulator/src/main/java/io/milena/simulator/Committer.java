package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.util.List;

/** Commits growing offsets for a group of its own, and looks after every reconnect whether the last that was confirmed is still there. */
final class Committer extends Client {
    private static final String GROUP = "audit";

    private final String topic;
    private final int commits;
    private long confirmed = -1;
    private long tried;

    Committer(SimulatedEnvironment world, String topic, int commits) {
        super(world);
        this.topic = topic;
        this.commits = commits;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        if (!hasCoordinator(connection)) {
            return false;
        }
        long kept = committed(connection);
        if (kept < confirmed || kept > tried) {
            throw new History.Violation("offset " + confirmed + " was confirmed, but " + kept + " is committed");
        }
        while (confirmed < commits) {
            tried = confirmed + 1;
            short error = commit(connection, tried);
            if (error != ErrorCode.NONE.code()) {
                return refused(error);
            }
            confirmed = tried;
        }
        return committed(connection) == confirmed;
    }

    private static boolean refused(short error) {
        ErrorCode code = ErrorCode.of(error);
        if (code == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
                || code == ErrorCode.COORDINATOR_NOT_AVAILABLE
                || code == ErrorCode.NOT_COORDINATOR) {
            return false;
        }
        throw new History.Violation("committing was refused: " + code);
    }

    private static boolean hasCoordinator(WireClient connection) throws IOException {
        FindCoordinatorResponse answer = connection.ask(
                FindCoordinatorRequest.builder().coordinatorKeys(List.of(GROUP)).build(),
                4,
                FindCoordinatorResponse.class);
        return answer.coordinators().getFirst().errorCode() == ErrorCode.NONE.code();
    }

    private long committed(WireClient connection) throws IOException {
        OffsetFetchRequest.OffsetFetchRequestGroup group = OffsetFetchRequest.OffsetFetchRequestGroup.builder()
                .groupId(GROUP)
                .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopics.builder()
                        .name(topic)
                        .partitionIndexes(List.of(0))
                        .build()))
                .build();
        OffsetFetchResponse.OffsetFetchResponseGroup answer = connection
                .ask(OffsetFetchRequest.builder().groups(List.of(group)).build(), 8, OffsetFetchResponse.class)
                .groups()
                .getFirst();
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            throw new IOException("asking for offsets was refused: " + ErrorCode.of(answer.errorCode()));
        }
        return answer.topics().getFirst().partitions().getFirst().committedOffset();
    }

    private short commit(WireClient connection, long offset) throws IOException {
        OffsetCommitRequest.OffsetCommitRequestPartition partition =
                OffsetCommitRequest.OffsetCommitRequestPartition.builder()
                        .partitionIndex(0)
                        .committedOffset(offset)
                        .build();
        return connection
                .ask(
                        OffsetCommitRequest.builder()
                                .groupId(GROUP)
                                .topics(List.of(OffsetCommitRequest.OffsetCommitRequestTopic.builder()
                                        .name(topic)
                                        .partitions(List.of(partition))
                                        .build()))
                                .build(),
                        8,
                        OffsetCommitResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode();
    }
}
