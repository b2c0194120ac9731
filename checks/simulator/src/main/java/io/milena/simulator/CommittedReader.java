package io.milena.simulator;

import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.simulator.Brokers.Target;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads a partition as consumers with {@code isolation.level=read_committed} do, until {@code isComplete} holds and all has been read that is there then: a transaction that is never ended would hold it up. */
public final class CommittedReader implements Work {
    private static final byte READ_COMMITTED = 1;
    private static final long LATEST = -1;
    private static final long UNKNOWN = -1;
    /** A fetch in the middle of transactions. */
    private static final int FEW_BYTES = 2_000;
    /** One that catches up. */
    private static final int MANY_BYTES = 100_000;

    private final Target place;
    private final BooleanSupplier isComplete;
    private final Sink sink;
    private long position;
    private long endOffset = UNKNOWN;

    /** Gets what each fetch brings. */
    public interface Sink {
        void read(long from, CommittedRecords records);
    }

    public CommittedReader(String topic, int partition, BooleanSupplier isComplete, Sink sink) {
        this.place = Target.leader(topic, partition);
        this.isComplete = isComplete;
        this.sink = sink;
    }

    @Override
    public boolean go(Brokers brokers) throws IOException {
        while (endOffset == UNKNOWN || position < endOffset) {
            if (isComplete.getAsBoolean() && !isEndKnown(brokers)) {
                return false;
            }
            CommittedRecords records = fetch(brokers, place, position);
            if (records == null) {
                return false;
            }
            sink.read(position, records);
            position = records.next();
        }
        return true;
    }

    /** Where the partition ends, with what is not stable yet. */
    private boolean isEndKnown(Brokers brokers) throws IOException {
        if (endOffset != UNKNOWN) {
            return true;
        }
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(new ListOffsetsRequest.ListOffsetsTopic(
                        place.name(),
                        List.of(ListOffsetsRequest.ListOffsetsPartition.builder()
                                .partitionIndex(place.partition())
                                .currentLeaderEpoch(brokers.leaderEpoch(place))
                                .timestamp(LATEST)
                                .build()))))
                .build();
        ListOffsetsResponse.ListOffsetsPartitionResponse answer = brokers.ask(
                        place, request, 7, ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
        if (brokers.isFine(answer.errorCode(), "asking for the end of " + place)) {
            endOffset = answer.offset();
        }
        return endOffset != UNKNOWN;
    }

    /** Fetches some bytes, after some time, from an offset on; null if the broker is not in charge now. */
    public static @Nullable CommittedRecords fetch(Brokers brokers, Target place, long position) throws IOException {
        FetchRequest.FetchPartition from = FetchRequest.FetchPartition.builder()
                .partition(place.partition())
                .currentLeaderEpoch(brokers.leaderEpoch(place))
                .fetchOffset(position)
                .partitionMaxBytes(
                        1 + brokers.random().nextInt(brokers.random().nextBoolean() ? FEW_BYTES : MANY_BYTES))
                .build();
        FetchRequest request = FetchRequest.builder()
                .maxWaitMs(brokers.random().nextInt(100))
                .minBytes(1)
                .maxBytes(1 << 20)
                .isolationLevel(READ_COMMITTED)
                .sessionEpoch(-1)
                .topics(List.of(FetchRequest.FetchTopic.builder()
                        .topic(place.name())
                        .partitions(List.of(from))
                        .build()))
                .build();
        FetchResponse.PartitionData answer = brokers.ask(place, request, 12, FetchResponse.class)
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
        if (!brokers.isFine(answer.errorCode(), "reading " + place + " at offset " + position)) {
            return null;
        }
        brokers.toldStable(place, answer.lastStableOffset());
        return CommittedRecords.of(answer, position);
    }
}
