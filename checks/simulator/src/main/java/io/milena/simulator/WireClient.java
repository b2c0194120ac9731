package io.milena.simulator;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/** One connection that sends requests ahead and reads their responses in order. For one thread. */
public final class WireClient implements AutoCloseable {
    private final Transport transport;
    private final Queue<Sent> inFlight = new ArrayDeque<>();
    private int correlationId;

    private record Sent(int correlationId, ApiMessage request, short version) {}

    private WireClient(Transport transport) {
        this.transport = transport;
    }

    static WireClient connect(Network network) throws IOException {
        return connect(network, BrokerHost.address());
    }

    public static WireClient connect(Network network, InetSocketAddress address) throws IOException {
        return new WireClient(network.connect(address));
    }

    /** Sends without waiting. */
    public void send(ApiMessage request, int version) throws IOException {
        Sent sent = new Sent(++correlationId, request, (short) version);
        ByteBuffer[] buffers = RequestFrame.encode(sent.correlationId, "simulator", sent.version, request).stream()
                .map(part -> ((Payload.InMemory) part).bytes().duplicate())
                .toArray(ByteBuffer[]::new);
        transport.writeFully(buffers);
        inFlight.add(sent);
    }

    /** The response to the oldest request that has none. */
    public <R extends ApiMessage> R receive(Class<R> type) throws IOException {
        Sent sent = inFlight.remove();
        ByteBuffer frame = read(read(Integer.BYTES).getInt());
        return type.cast(ResponseFrame.decode(frame, sent.request.apiKey(), sent.version, sent.correlationId));
    }

    public <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> type) throws IOException {
        send(request, version);
        return receive(type);
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (transport.read(bytes) < 0) {
                throw new EOFException("the broker closed the connection");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
