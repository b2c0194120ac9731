package io.milena.simulator.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.simulator.Brokers.Target;
import io.milena.simulator.History;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Reads a partition from its start, from whoever leads or any other broker that has a replica (KIP-392), to what its leader calls the latest offset when {@code isComplete} holds. What it sees is told to the history;
 * and what a follower shows must have been committed by a leader before.
 */
final class ClusterReader extends ClusterClient {
    private static final long LATEST = -1;
    private static final long UNKNOWN = -1;
    private static final ErrorCode[] EXPECTED = {
        ErrorCode.NOT_LEADER_OR_FOLLOWER,
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        ErrorCode.FENCED_LEADER_EPOCH,
        ErrorCode.UNKNOWN_LEADER_EPOCH,
        ErrorCode.OFFSET_NOT_AVAILABLE,
        ErrorCode.KAFKA_STORAGE_ERROR
    };

    /** One that has not caught up yet does not have what others have shown. */
    private static final ErrorCode[] EXPECTED_OF_FOLLOWERS = Stream.concat(
                    Stream.of(EXPECTED), Stream.of(ErrorCode.OFFSET_OUT_OF_RANGE))
            .toArray(ErrorCode[]::new);

    private final ClusterWriter.Place place;
    private final History history;
    private final Watch watch;
    private final BooleanSupplier isComplete;
    private final List<History.Entry> log = new ArrayList<>();
    private long endOffset = UNKNOWN;

    ClusterReader(Stage stage, ClusterWriter.Place place, History history, BooleanSupplier isComplete) {
        super(stage.world(), stage.brokers());
        this.place = place;
        this.history = history;
        this.watch = stage.watch();
        this.isComplete = isComplete;
    }

    /** All that was read, by offset. */
    List<History.Entry> log() {
        return log;
    }

    @Override
    boolean work() throws IOException {
        Contact.Leader leader = leader(place.topic(), place.partition());
        if (leader == null) {
            return false;
        }
        while (true) {
            if (isComplete.getAsBoolean() && !isEndKnown(leader)) {
                return false;
            }
            if (log.size() == endOffset) {
                return true;
            }
            boolean isFine = random.nextInt(4) > 0
                    ? read(leader.broker(), leader, EXPECTED)
                    : read(anyBroker(), leader, EXPECTED_OF_FOLLOWERS);
            if (!isFine) {
                return false;
            }
        }
    }

    private boolean read(int broker, Contact.Leader leader, ErrorCode... expected) throws IOException {
        FetchResponse.PartitionData answer = ask(broker, request(leader), 12, FetchResponse.class)
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
        boolean isFine = isWell(answer.errorCode(), "reading " + place + " at offset " + log.size(), expected);
        if (isFine && answer.records() instanceof Payload.InMemory(ByteBuffer bytes)) {
            read(bytes, broker != leader.broker());
        }
        return isFine;
    }

    /** A leader that is new says what is the latest only when it knows what others may have shown before (KIP-207). */
    private boolean isEndKnown(Contact.Leader leader) throws IOException {
        if (endOffset != UNKNOWN) {
            return true;
        }
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(new ListOffsetsRequest.ListOffsetsTopic(
                        place.topic(),
                        List.of(ListOffsetsRequest.ListOffsetsPartition.builder()
                                .partitionIndex(place.partition())
                                .currentLeaderEpoch(leader.epoch())
                                .timestamp(LATEST)
                                .build()))))
                .build();
        ListOffsetsResponse.ListOffsetsPartitionResponse answer = ask(
                        leader.broker(), request, 7, ListOffsetsResponse.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
        if (isWell(answer.errorCode(), "asking for the end of " + place, EXPECTED)) {
            endOffset = answer.offset();
        }
        return endOffset != UNKNOWN;
    }

    private FetchRequest request(Contact.Leader leader) {
        FetchRequest.FetchPartition from = FetchRequest.FetchPartition.builder()
                .partition(place.partition())
                .currentLeaderEpoch(leader.epoch())
                .fetchOffset(log.size())
                .partitionMaxBytes(1 + random.nextInt(20_000))
                .build();
        return FetchRequest.builder()
                .maxWaitMs(100 + random.nextInt(200))
                .minBytes(1)
                .maxBytes(1 << 20)
                .sessionEpoch(-1)
                .topics(List.of(FetchRequest.FetchTopic.builder()
                        .topic(place.topic())
                        .partitions(List.of(from))
                        .build()))
                .build();
    }

    private void read(ByteBuffer bytes, boolean isOfFollower) {
        for (RecordBatch batch : RecordBatches.of(bytes)) {
            if (!batch.isIntact()) {
                throw new History.Violation("the batch at offset " + batch.baseOffset() + " is damaged");
            }
            if (isOfFollower) {
                watch.shown(Target.leader(place.topic(), place.partition()), batch);
            }
            for (Record record : batch.records()) {
                if (record.offset() >= log.size()) {
                    see(record);
                }
            }
        }
    }

    private void see(Record record) {
        if (record.offset() != log.size()) {
            throw new History.Violation("offset " + record.offset() + " follows " + (log.size() - 1));
        }
        ByteBuffer key = record.key();
        if (key == null) {
            throw new History.Violation("the record at offset " + record.offset() + " was never sent");
        }
        History.Entry entry = new History.Entry(key.getInt(key.position()), key.getInt(key.position() + Integer.BYTES));
        history.seen(record.offset(), entry);
        log.add(entry);
    }
}
