package io.milena.compatibility;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;

/** A connection on which the requests of {@code kafka-clients} go out as they are, for what its clients do not tell or would not send. For one thread. */
final class Wire implements AutoCloseable {
    private static final int SILENCE_MS_MAX = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private int correlationId;

    Wire() {
        this(BrokerUnderTest.address());
    }

    /** @param address {@code host:port} of a broker */
    Wire(String address) {
        int colon = address.lastIndexOf(':');
        try {
            socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            socket.setSoTimeout(SILENCE_MS_MAX);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request and waits for its answer, which {@code response} reads. */
    <R extends ApiMessage> R ask(ApiMessage request, int version, BiFunction<Readable, Short, R> response) {
        return ask(request, version, response, 1);
    }

    /** Sends the same request so many times, then waits for all answers; the last one is read. As many as fit into the buffers of a connection. */
    <R extends ApiMessage> R ask(ApiMessage request, int version, BiFunction<Readable, Short, R> response, int times) {
        ApiKeys api = ApiKeys.forId(request.apiKey());
        try {
            for (int i = 0; i < times; i++) {
                RequestHeader header = new RequestHeader(api, (short) version, "wire", ++correlationId);
                ByteBuffer frame =
                        RequestUtils.serialize(header.data(), header.headerVersion(), request, (short) version);
                byte[] bytes = new byte[4 + frame.remaining()];
                ByteBuffer.wrap(bytes).putInt(frame.remaining()).put(frame);
                socket.getOutputStream().write(bytes);
            }
            ByteBuffer answer = ByteBuffer.allocate(0);
            for (int i = 0; i < times; i++) {
                answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            }
            ResponseHeader.parse(answer, api.responseHeaderVersion((short) version));
            return response.apply(new ByteBufferAccessor(answer), (short) version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
