package io.milena.simulator.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.simulator.Brokers.Target;
import io.milena.simulator.History;
import io.milena.simulator.WireClient;
import io.milena.testkit.Arbitrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * An idempotent producer of one partition with {@code acks=all} and up to five batches in flight, which it sends again, to whoever leads, until they are acknowledged. It writes as long as it is asked to.
 */
final class ClusterWriter extends ClusterClient {
    private static final int IN_FLIGHT_MAX = 5;
    private static final int PADDING_BYTES_MAX = 300;
    private static final long PAUSE_MS_MAX = 60;

    private final Place place;
    private final History history;
    private final Watch watch;
    private final BooleanSupplier isEnough;
    private final int writer;
    private final Deque<Batch> unacknowledged = new ArrayDeque<>();
    private long producerId = -1;
    private int acknowledged;

    /** Where it writes to. */
    record Place(String topic, int partition) {}

    private record Batch(History.Entry entry, ByteBuffer bytes) {}

    ClusterWriter(Stage stage, Place place, History history) {
        super(stage.world(), stage.brokers());
        this.place = place;
        this.history = history;
        this.watch = stage.watch();
        this.isEnough = stage.isEnough();
        this.writer = history.addWriter();
    }

    int acknowledged() {
        return acknowledged;
    }

    @Override
    boolean work() throws IOException {
        if (producerId < 0 && !introduce()) {
            return false;
        }
        disconnect(); // or answers to what was sent before would come first
        Contact.Leader leader = leader(place.topic, place.partition);
        if (leader == null) {
            return false;
        }
        WireClient connection = to(leader.broker());
        for (Batch batch : unacknowledged) {
            send(connection, batch);
        }
        while (!isEnough.getAsBoolean() || !unacknowledged.isEmpty()) {
            int ahead = 1 + random.nextInt(IN_FLIGHT_MAX);
            while (!isEnough.getAsBoolean() && unacknowledged.size() < ahead) {
                Batch batch = begin();
                unacknowledged.add(batch);
                send(connection, batch);
            }
            if (!unacknowledged.isEmpty() && !receive(connection)) {
                return false;
            }
            rest(PAUSE_MS_MAX);
        }
        return true;
    }

    private boolean introduce() throws IOException {
        InitProducerIdResponse response = ask(
                anyBroker(),
                InitProducerIdRequest.builder().transactionalId(null).build(),
                4,
                InitProducerIdResponse.class);
        producerId = response.errorCode() == ErrorCode.NONE.code() ? response.producerId() : -1;
        return producerId >= 0;
    }

    private Batch begin() {
        History.Entry entry = history.next(writer);
        ByteBuffer padding = ByteBuffer.wrap(Arbitrary.bytes(random, random.nextInt(PADDING_BYTES_MAX)));
        ByteBuffer bytes = new RecordBatchBuilder()
                .producer(producerId, (short) 0, entry.number())
                .append(nowMs(), key(entry), padding)
                .build()
                .buffer();
        return new Batch(entry, bytes);
    }

    static ByteBuffer key(History.Entry entry) {
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(entry.writer())
                .putInt(entry.number())
                .flip();
    }

    private void send(WireClient connection, Batch batch) throws IOException {
        ProduceRequest.PartitionProduceData data = ProduceRequest.PartitionProduceData.builder()
                .index(place.partition)
                .records(new Payload.InMemory(batch.bytes.duplicate()))
                .build();
        connection.send(
                ProduceRequest.builder()
                        .acks((short) -1)
                        .timeoutMs(1_000)
                        .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                                .name(place.topic)
                                .partitionData(List.of(data))
                                .build()))
                        .build(),
                12);
    }

    /**
     * Out of order is never right: what was acknowledged is in the log of a leader that is not older, and what follows it comes in order. That a sequence number is there twice is an acknowledgment by a leader that has
     * forgotten where the batch is, as it is to Kafka's clients.
     */
    private boolean receive(WireClient connection) throws IOException {
        ProduceResponse.PartitionProduceResponse answer = receive(connection, ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses()
                .getFirst();
        if (answer.errorCode() == ErrorCode.DUPLICATE_SEQUENCE_NUMBER.code()) {
            history.acknowledged(unacknowledged.remove().entry);
            acknowledged++;
            return true;
        }
        boolean isFine = isWell(
                answer.errorCode(),
                "writing " + unacknowledged.element().entry + " to " + place + " as producer " + producerId,
                ErrorCode.NOT_LEADER_OR_FOLLOWER,
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                ErrorCode.NOT_ENOUGH_REPLICAS,
                ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                ErrorCode.REQUEST_TIMED_OUT,
                ErrorCode.KAFKA_STORAGE_ERROR);
        if (isFine) {
            Batch batch = unacknowledged.remove();
            acknowledged++;
            history.acknowledged(answer.baseOffset(), batch.entry);
            watch.acknowledged(
                    Target.leader(place.topic, place.partition),
                    answer.baseOffset(),
                    RecordBatch.at(batch.bytes.duplicate()));
        }
        return isFine;
    }
}
