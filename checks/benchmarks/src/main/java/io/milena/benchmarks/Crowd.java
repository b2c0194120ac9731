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
import org.jspecify.annotations.Nullable;

/**
 * Many services at once, each over a connection of its own, with one record under way, if it waits for an acknowledgement before it sends the next one, or with several, as Apache Kafka's producers have
 * them. They stand for other machines, and what they take of the processors the broker has not: so one thread does for all of them what the protocol asks for, and nothing else. So many of
 * Apache's producers would be most of the load.
 */
final class Crowd implements Producing {
    /** Kafka's {@code max.in.flight.requests.per.connection}. */
    static final int IN_FLIGHT_DEFAULT = 5;

    private static final int RECORD_BYTES = 1024;
    private static final short PRODUCE_VERSION = 12;
    private static final int CORRELATION_ID = 1;

    /** Several answers, each of which has a topic with a partition. */
    private static final int ANSWERS_BYTES_MAX = 4096;

    /** How often the thread looks whether it is to stop. */
    private static final long SELECT_MS = 100;

    private final int inFlight;
    private final List<ByteBuffer> requests = new ArrayList<>();
    private final Acknowledged acknowledged = new Acknowledged();
    private final Senders senders = new Senders();
    private final Selector selector = Selector.open();

    /** They begin at once, each with another partition as far as there are so many, and go on to the next one after each record. */
    Crowd(int count, int inFlight, String address, String topic, int partitions) throws IOException {
        this.inFlight = inFlight;
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
                ((Service) key.attachment()).send(inFlight);
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

    /** One connection. Used by the thread of the crowd only. */
    private final class Service {
        private final SocketChannel channel;
        private final ByteBuffer answers = ByteBuffer.allocateDirect(ANSWERS_BYTES_MAX);
        private int turn;

        Service(SocketChannel channel, int turn) {
            this.channel = channel;
            this.turn = turn;
        }

        /** So little is under way that there is room for it in the socket. */
        void send(int count) throws IOException {
            ByteBuffer[] due = new ByteBuffer[count];
            for (int i = 0; i < count; i++) {
                due[i] = requests.get(turn++ % requests.size()).duplicate();
            }
            while (due[count - 1].hasRemaining()) {
                channel.write(due);
            }
        }

        void receive() {
            try {
                if (channel.read(answers) < 0) {
                    throw new EOFException("the broker has ended a connection");
                }
                if (!answers.hasRemaining() && Integer.BYTES + answers.getInt(0) > answers.capacity()) {
                    throw new IOException("an answer of " + answers.getInt(0) + " bytes");
                }
                answers.flip();
                int whole = 0;
                for (ByteBuffer answer = next(); answer != null; answer = next()) {
                    check(answer);
                    acknowledged.increment();
                    whole++;
                }
                answers.compact();
                if (whole > 0) {
                    send(whole);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The next answer that has arrived as a whole, or null. */
        private @Nullable ByteBuffer next() {
            if (answers.remaining() < Integer.BYTES) {
                return null;
            }
            int size = answers.getInt(answers.position());
            if (answers.remaining() < Integer.BYTES + size) {
                return null;
            }
            ByteBuffer answer = answers.slice(answers.position() + Integer.BYTES, size);
            answers.position(answers.position() + Integer.BYTES + size);
            return answer;
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
