package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code TopicReader ADDRESS TOPIC PARTITIONS}: reads a topic from its beginning to its end, again and again; prints a line when the first records have come.
 *
 * <p>It stands for a consumer on another machine, and what it takes of the processors the broker and its other clients have not: so it asks as Apache's consumer does with its defaults, and does with
 * the records nothing but find the next offset.
 */
final class TopicReader {
    private static final short FETCH_VERSION = 12;
    private static final int WAIT_MS = 500;
    private static final int BYTES_MAX = 50 << 20;
    private static final int PARTITION_BYTES_MAX = 1 << 20;
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    /** The kernel copies what one call asks for without a pause, for a process of the lowest class too. */
    private static final int RECEIVE_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final String topic;
    private final long[] next;
    private final long[] ends;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES_MAX);
    private int correlationId;
    private long bytes;

    private TopicReader(SocketChannel channel, String topic, int partitions) {
        this.channel = channel;
        this.topic = topic;
        this.next = new long[partitions];
        this.ends = new long[partitions];
    }

    public static void main(String[] arguments) throws IOException {
        int colon = arguments[0].lastIndexOf(':');
        InetSocketAddress broker = new InetSocketAddress(
                arguments[0].substring(0, colon), Integer.parseInt(arguments[0].substring(colon + 1)));
        try (SocketChannel channel = SocketChannel.open(broker)) {
            new TopicReader(channel, arguments[1], Integer.parseInt(arguments[2])).read();
        }
    }

    private void read() throws IOException {
        while (true) {
            boolean isFirst = bytes == 0;
            fetch();
            if (isFirst && bytes > 0) {
                System.out.println("reading");
            }
            if (Arrays.equals(next, ends)) {
                Arrays.fill(next, 0);
            }
        }
    }

    private void fetch() throws IOException {
        for (Payload part : RequestFrame.encode(++correlationId, "reader", FETCH_VERSION, request())) {
            ByteBuffer rest = ((Payload.InMemory) part).bytes().duplicate();
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
        receive(Integer.BYTES);
        receive(answer.getInt(0));
        FetchResponse response =
                (FetchResponse) ResponseFrame.decode(answer.slice(), ApiKey.FETCH, FETCH_VERSION, correlationId);
        for (FetchResponse.PartitionData partition :
                response.responses().getFirst().partitions()) {
            take(partition);
        }
    }

    private FetchRequest request() {
        return FetchRequest.builder()
                .maxWaitMs(WAIT_MS)
                .minBytes(1)
                .maxBytes(BYTES_MAX)
                .topics(List.of(FetchRequest.FetchTopic.builder()
                        .topic(topic)
                        .partitions(IntStream.range(0, next.length)
                                .mapToObj(index -> FetchRequest.FetchPartition.builder()
                                        .partition(index)
                                        .fetchOffset(next[index])
                                        .partitionMaxBytes(PARTITION_BYTES_MAX)
                                        .build())
                                .toList())
                        .build()))
                .build();
    }

    private void receive(int count) throws IOException {
        answer.clear();
        while (answer.position() < count) {
            answer.limit(Math.min(count, answer.position() + RECEIVE_BYTES));
            if (channel.read(answer) < 0) {
                throw new EOFException("the broker has ended the connection");
            }
        }
        answer.flip();
    }

    private void take(FetchResponse.PartitionData partition) throws IOException {
        ErrorCode error = ErrorCode.of(partition.errorCode());
        if (error != ErrorCode.NONE) {
            throw new IOException("partition " + partition.partitionIndex() + " was refused: " + error);
        }
        ends[partition.partitionIndex()] = partition.highWatermark();
        if (partition.records() instanceof Payload.InMemory(ByteBuffer records)) {
            for (RecordBatch batch : RecordBatches.of(records)) {
                next[partition.partitionIndex()] = batch.nextOffset();
                bytes += batch.sizeInBytes();
            }
        }
    }
}
