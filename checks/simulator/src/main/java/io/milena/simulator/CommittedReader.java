package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.records.Record;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Reads a partition as consumers with {@code isolation.level=read_committed} do, until {@code isComplete} holds and nothing is open any more. */
final class CommittedReader extends Client {
    private static final byte READ_COMMITTED = 1;

    private final String topic;
    private final int partition;
    private final BooleanSupplier isComplete;
    private final Consumer<List<Record>> sink;
    private long position;

    /** @param sink gets what each fetch brings */
    CommittedReader(
            SimulatedEnvironment world,
            String topic,
            int partition,
            BooleanSupplier isComplete,
            Consumer<List<Record>> sink) {
        super(world);
        this.topic = topic;
        this.partition = partition;
        this.isComplete = isComplete;
        this.sink = sink;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        while (true) {
            boolean wasComplete = isComplete.getAsBoolean();
            FetchResponse.PartitionData answer = fetch(connection, random, topic, partition, position);
            long before = position;
            CommittedRecords seen = CommittedRecords.of(answer, position);
            position = seen.next();
            sink.accept(seen.records());
            boolean isAtEnd = position == before && answer.lastStableOffset() == answer.highWatermark();
            if (wasComplete && isAtEnd && position == answer.highWatermark()) {
                return true;
            }
        }
    }

    /** Fetches some bytes, after some time, from an offset on. */
    static FetchResponse.PartitionData fetch(
            WireClient connection, RandomGenerator random, String topic, int partition, long position)
            throws IOException {
        FetchRequest.FetchPartition from = FetchRequest.FetchPartition.builder()
                .partition(partition)
                .fetchOffset(position)
                .partitionMaxBytes(1 + random.nextInt(2_000))
                .build();
        FetchRequest request = FetchRequest.builder()
                .maxWaitMs(random.nextInt(100))
                .minBytes(1)
                .maxBytes(1 << 20)
                .isolationLevel(READ_COMMITTED)
                .sessionEpoch(-1)
                .topics(List.of(FetchRequest.FetchTopic.builder()
                        .topic(topic)
                        .partitions(List.of(from))
                        .build()))
                .build();
        FetchResponse.PartitionData answer = connection
                .ask(request, 12, FetchResponse.class)
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            throw new History.Violation(
                    "reading at offset " + position + " was refused: " + ErrorCode.of(answer.errorCode()));
        }
        return answer;
    }
}
