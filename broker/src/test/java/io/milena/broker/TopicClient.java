package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Produces to one topic and fetches from it, by name or by id as the version has it. */
record TopicClient(RawClient client, String name, UUID id) {
    static final int BY_NAME = 12;
    static final int BY_ID = 13;

    static PartitionProduceData data(int partition, ByteBuffer batch) {
        return new PartitionProduceData(partition, new Payload.InMemory(batch));
    }

    ProduceRequest produceRequest(int acks, PartitionProduceData... partitions) {
        return new ProduceRequest(
                null, (short) acks, 30_000, List.of(new TopicProduceData(name, id, List.of(partitions))));
    }

    List<PartitionProduceResponse> produce(int acks, int version, PartitionProduceData... partitions)
            throws IOException {
        return client.ask(produceRequest(acks, partitions), version, ProduceResponse.class)
                .responses()
                .getFirst()
                .partitionResponses();
    }

    PartitionProduceResponse produce(ByteBuffer batch) throws IOException {
        return produce(-1, BY_ID, data(0, batch)).getFirst();
    }

    /** Appends a batch to partition 0; answers its first offset. */
    long append(ByteBuffer batch) throws IOException {
        return append(0, batch);
    }

    long append(int partition, ByteBuffer batch) throws IOException {
        PartitionProduceResponse response =
                produce(-1, BY_ID, data(partition, batch)).getFirst();
        assertEquals(ErrorCode.NONE, ErrorCode.of(response.errorCode()));
        return response.baseOffset();
    }

    static FetchPartition fetchFrom(int partition, long offset) {
        return FetchPartition.builder()
                .partition(partition)
                .fetchOffset(offset)
                .partitionMaxBytes(1 << 20)
                .build();
    }

    /** Without a session and without waiting. */
    FetchRequest.Builder fetchRequest(FetchPartition... partitions) {
        return FetchRequest.builder()
                .minBytes(1)
                .topics(partitions.length == 0 ? List.of() : List.of(new FetchTopic(name, id, List.of(partitions))));
    }

    FetchResponse fetch(FetchRequest.Builder request, int version) throws IOException {
        return client.ask(request.build(), version, FetchResponse.class);
    }

    FetchResponse fetch(FetchRequest.Builder request) throws IOException {
        return fetch(request, BY_ID);
    }

    static List<PartitionData> partitions(FetchResponse response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    static PartitionData only(FetchResponse response) {
        List<PartitionData> partitions = partitions(response);
        assertEquals(1, partitions.size(), "partitions in the response");
        return partitions.getFirst();
    }

    static ErrorCode error(PartitionData partition) {
        return ErrorCode.of(partition.errorCode());
    }

    static int bytes(FetchResponse response) {
        return partitions(response).stream()
                .flatMap(partition -> Stream.ofNullable(partition.records()))
                .mapToInt(Payload::sizeInBytes)
                .sum();
    }
}
