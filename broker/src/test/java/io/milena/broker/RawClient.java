package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.message.ProduceRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A client that speaks the protocol byte by byte, in whatever version a test asks for, and breaks its rules when told to. For one thread; a broker that is silent
 * for too long fails the test.
 */
final class RawClient implements AutoCloseable {
    private static final int SILENCE_MS_MAX = 60_000;
    private static final String CLIENT_ID = "raw";

    private final Socket socket;
    private final DataInputStream in;

    /** Correlation ids of requests whose answers were not read yet. */
    private final Deque<Integer> unanswered = new ArrayDeque<>();

    private int correlationId;

    RawClient(InetSocketAddress broker) throws IOException {
        socket = new Socket(broker.getHostString(), broker.getPort());
        socket.setSoTimeout(SILENCE_MS_MAX);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends a request and waits for its answer. */
    <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response) throws IOException {
        send(request, version);
        R answer = receive(request, version, response);
        assertEquals(0, unanswered.size(), "requests without an answer");
        return answer;
    }

    void send(ApiMessage request, int version) throws IOException {
        sendBytes(frame(request, version, ++correlationId));
        boolean isAnswered = !(request instanceof ProduceRequest produce) || produce.acks() != 0;
        if (isAnswered) {
            unanswered.addLast(correlationId);
        }
    }

    /** The answer to the oldest request that has none yet. */
    <R extends ApiMessage> R receive(ApiMessage request, int version, Class<R> response) throws IOException {
        ByteBuffer frame = receiveFrame();
        int expected = unanswered.removeFirst();
        return response.cast(ResponseFrame.decode(frame, request.apiKey(), (short) version, expected));
    }

    /** A whole request as it goes over the wire, its size in front. */
    static byte[] frame(ApiMessage request, int version, int correlationId) {
        List<Payload> parts = RequestFrame.encode(correlationId, CLIENT_ID, (short) version, request);
        ByteBuffer whole = ByteBuffer.allocate(
                parts.stream().mapToInt(Payload::sizeInBytes).sum());
        for (Payload part : parts) {
            whole.put(((Payload.InMemory) part).bytes().duplicate());
        }
        return whole.array();
    }

    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next frame, without its size. */
    ByteBuffer receiveFrame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return ByteBuffer.wrap(frame);
    }

    /** Says that no more will be sent; answers may still come. */
    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Reads to the end that the broker makes, and answers how many bytes came before it. */
    int readToTheEnd() throws IOException {
        int count = 0;
        try {
            while (in.read() >= 0) {
                count++;
            }
        } catch (SocketException e) {
            // Closed while bytes of ours were unread: a reset is an end as well.
        }
        return count;
    }

    void assertClosedWithoutAnAnswer() throws IOException {
        assertEquals(0, readToTheEnd(), "bytes before the end of the connection");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
