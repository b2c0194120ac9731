package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.RecordBatchBuilder;
import io.milena.testkit.Arbitrary;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** An idempotent producer with {@code acks=all} and up to five batches in flight, which it sends again until they are acknowledged. */
final class Writer extends Client {
    private static final int IN_FLIGHT_MAX = 5;
    private static final int PADDING_BYTES_MAX = 2_000;
    private static final long AGE_MS_MAX = 12 * 3_600_000L;

    private final String topic;
    private final int partition;
    private final History history;
    private final int writer;
    private final int entries;
    private final Deque<Batch> unacknowledged = new ArrayDeque<>();
    private long producerId = -1;
    private int begun;

    private record Batch(History.Entry entry, ByteBuffer bytes) {}

    Writer(SimulatedEnvironment world, String topic, int partition, History history, int entries) {
        super(world);
        this.topic = topic;
        this.partition = partition;
        this.history = history;
        this.writer = history.addWriter();
        this.entries = entries;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        if (producerId < 0) {
            InitProducerIdResponse response = connection.ask(
                    InitProducerIdRequest.builder().transactionalId(null).build(), 4, InitProducerIdResponse.class);
            if (response.errorCode() != ErrorCode.NONE.code()) {
                throw new History.Violation("no producer id: " + ErrorCode.of(response.errorCode()));
            }
            producerId = response.producerId();
        }
        for (Batch batch : unacknowledged) {
            send(connection, batch);
        }
        while (begun < entries || !unacknowledged.isEmpty()) {
            int ahead = 1 + random.nextInt(IN_FLIGHT_MAX);
            while (begun < entries && unacknowledged.size() < ahead) {
                Batch batch = begin();
                unacknowledged.add(batch);
                send(connection, batch);
            }
            receive(connection);
        }
        return true;
    }

    private Batch begin() {
        History.Entry entry = history.next(writer);
        begun++;
        ByteBuffer padding = ByteBuffer.wrap(Arbitrary.bytes(random, random.nextInt(PADDING_BYTES_MAX)));
        ByteBuffer key = ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(entry.writer())
                .putInt(entry.number())
                .flip();
        // Old and new timestamps side by side make segments roll by time.
        long timestampMs = nowMs() - random.nextLong(AGE_MS_MAX);
        ByteBuffer bytes = new RecordBatchBuilder()
                .producer(producerId, (short) 0, entry.number())
                .append(timestampMs, key, padding)
                .build()
                .buffer();
        return new Batch(entry, bytes);
    }

    private void send(WireClient connection, Batch batch) throws IOException {
        ProduceRequest.PartitionProduceData data = ProduceRequest.PartitionProduceData.builder()
                .index(partition)
                .records(new Payload.InMemory(batch.bytes))
                .build();
        connection.send(
                ProduceRequest.builder()
                        .acks((short) -1)
                        .timeoutMs(30_000)
                        .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                                .name(topic)
                                .partitionData(List.of(data))
                                .build()))
                        .build(),
                12);
    }

    private void receive(WireClient connection) throws IOException {
        ProduceResponse.PartitionProduceResponse answer = connection
                .receive(ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses()
                .getFirst();
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            throw new History.Violation("writing " + unacknowledged.element().entry + " was refused: "
                    + ErrorCode.of(answer.errorCode()) + " " + answer.errorMessage());
        }
        history.acknowledged(answer.baseOffset(), unacknowledged.remove().entry);
    }
}
