package io.milena.benchmarks;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.RecordBatchBuilder;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Many services at once, each of which waits for an acknowledgement before it sends the next record, over a connection of its own. They stand for other machines, and what they take of the processors the broker has not:
 * so one thread does for all of them what the protocol asks for, and nothing else. So many of Apache's producers would be most of the load.
 */
final class Crowd implements Producing {
    private static final int RECORD_BYTES = 1024;
    private static final short PRODUCE_VERSION = 12;
    private static final int CORRELATION_ID = 1;

    /** An answer has a topic with a partition. */
    private static final int ANSWER_BYTES_MAX = 1024;

    /** How often the thread looks whether it is to stop. */
    private static final long SELECT_MS = 100;

    private final List<ByteBuffer> requests = new ArrayList<>();
    private final Acknowledged acknowledged = new Acknowledged();
    private final Senders senders = new Senders();
    private final Selector selector = Selector.open();

    /** They begin at once, each with a partition of its own as far as there are so many, and go on to the next one after each record. */
    Crowd(int count, String address, String topic, int partitions) throws IOException {
        for (int partition = 0; partition < partitions; partition++) {
            requests.add(request(topic, partition));
        }
        InetSocketAddress broker = address(address);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(broker);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Service(channel, i));
        }
        senders.start(Thread.ofPlatform().name("crowd"), this::send);
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /** A whole frame, encoded once. */
    private static ByteBuffer request(String topic, int partition) {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(System.currentTimeMillis(), null, ByteBuffer.allocate(RECORD_BYTES))
                .build()
                .buffer();
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(ProduceRequest.PartitionProduceData.builder()
                                .index(partition)
                                .records(new Payload.InMemory(batch))
                                .build()))
                        .build()))
                .build();
        List<Payload> parts = RequestFrame.encode(CORRELATION_ID, "crowd", PRODUCE_VERSION, request);
        ByteBuffer frame = ByteBuffer.allocateDirect(
                parts.stream().mapToInt(Payload::sizeInBytes).sum());
        for (Payload part : parts) {
            frame.put(((Payload.InMemory) part).bytes().duplicate());
        }
        return frame.flip();
    }

    private void send() {
        try {
            for (SelectionKey key : selector.keys()) {
                ((Service) key.attachment()).send();
            }
            while (senders.goOn()) {
                selector.select(key -> ((Service) key.attachment()).receive(), SELECT_MS);
            }
        } catch (IOException | UncheckedIOException e) {
            acknowledged.fail(e);
        }
    }

    @Override
    public double recordsPerSecond(int seconds) throws InterruptedException {
        return acknowledged.perSecond(seconds);
    }

    @Override
    public void close() throws IOException {
        senders.stop();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** One that waits. Used by the thread of the crowd only. */
    private final class Service {
        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES_MAX);
        private int turn;

        Service(SocketChannel channel, int turn) {
            this.channel = channel;
            this.turn = turn;
        }

        /** Nothing is before it in the socket, so it has room. */
        void send() throws IOException {
            ByteBuffer request = requests.get(turn++ % requests.size()).duplicate();
            while (request.hasRemaining()) {
                channel.write(request);
            }
        }

        void receive() {
            try {
                if (channel.read(answer) < 0) {
                    throw new EOFException("the broker has ended a connection");
                }
                if (answer.position() > Integer.BYTES && answer.position() == Integer.BYTES + answer.getInt(0)) {
                    check(answer.flip().position(Integer.BYTES));
                    answer.clear();
                    acknowledged.increment();
                    send();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void check(ByteBuffer frame) throws IOException {
            ProduceResponse response =
                    (ProduceResponse) ResponseFrame.decode(frame, ApiKey.PRODUCE, PRODUCE_VERSION, CORRELATION_ID);
            ErrorCode error = ErrorCode.of(response.responses()
                    .getFirst()
                    .partitionResponses()
                    .getFirst()
                    .errorCode());
            if (error != ErrorCode.NONE) {
                throw new IOException("a record was refused: " + error);
            }
        }
    }
}
