package io.milena.cli.client;

import io.milena.cli.CommandFailure;
import io.milena.network.HandshakeException;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.EnumMap;
import java.util.Map;

/** A connection to one broker. */
final class BrokerConnection implements AutoCloseable {
    private static final String CLIENT_ID = "milena-cli";
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int RESPONSE_BYTES_MAX = 512 << 20;

    private final Socket socket;
    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final Map<ApiKey, Short> versions = new EnumMap<>(ApiKey.class);
    private int correlationId;

    private BrokerConnection(Socket socket, ReadableByteChannel in, WritableByteChannel out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    static BrokerConnection open(String host, int port, ConnectionSecurity security) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true); // else a size waits 40 ms for its body
            channel.socket().connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "cannot connect to " + host + ":" + port
                            + "; is a broker running there? (--bootstrap-server names another)",
                    e);
        }
        try {
            BrokerConnection connection = on(channel, host, port, security);
            connection.learnVersions();
            return connection;
        } catch (HandshakeException e) {
            channel.close();
            throw new IOException(
                    host + ":" + port + ": " + e.getMessage()
                            + "; --command-config says whom to trust, and whether TLS is spoken",
                    e);
        } catch (EOFException | SocketException e) {
            channel.close();
            throw new IOException(
                    host + ":" + port + " closed the connection; where its listener is SSL, --command-config"
                            + " names a file with security.protocol=SSL",
                    e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static BrokerConnection on(SocketChannel channel, String host, int port, ConnectionSecurity security)
            throws IOException {
        if (security.isPlain()) {
            return new BrokerConnection(channel.socket(), channel, channel);
        }
        Socket socket = security.around(channel.socket(), host, port);
        return new BrokerConnection(
                socket, Channels.newChannel(socket.getInputStream()), Channels.newChannel(socket.getOutputStream()));
    }

    private void learnVersions() throws IOException {
        ApiVersionsRequest request = ApiVersionsRequest.builder()
                .clientSoftwareName("milena")
                .clientSoftwareVersion("0.1")
                .build();
        ApiVersionsResponse response = (ApiVersionsResponse) send(request, (short) 3);
        for (ApiVersionsResponse.ApiVersion api : response.apiKeys()) {
            ApiKey key = ApiKey.of(api.apiKey());
            if (key != null) {
                versions.put(key, (short)
                        Math.min(api.maxVersion(), key.latestVersion() - (key.isLatestUnstable() ? 1 : 0)));
            }
        }
    }

    boolean serves(ApiKey api) {
        return versions.containsKey(api);
    }

    /** Sends in the newest version that both sides know, at most {@code versionMax}, and waits for the response. */
    <R extends ApiMessage> R send(ApiMessage request, int versionMax, Class<R> response) throws IOException {
        Short version = versions.get(request.apiKey());
        if (version == null) {
            throw new CommandFailure("the broker does not serve " + request.apiKey());
        }
        return response.cast(send(request, (short) Math.min(version, versionMax)));
    }

    /** Sends a request that Apache Kafka does not know, and that a broker therefore does not announce. */
    <R extends ApiMessage> R sendOwn(ApiMessage request, Class<R> response) throws IOException {
        return response.cast(send(request, request.apiKey().latestVersion()));
    }

    private ApiMessage send(ApiMessage request, short version) throws IOException {
        int id = ++correlationId;
        for (Payload part : RequestFrame.encode(id, CLIENT_ID, version, request)) {
            if (part instanceof Payload.InMemory(ByteBuffer bytes)) {
                ByteBuffer rest = bytes.duplicate();
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
            }
        }
        ByteBuffer size = readFully(Integer.BYTES);
        int length = size.getInt();
        if (length < 0 || length > RESPONSE_BYTES_MAX) {
            throw new IOException("a response of " + length + " bytes; is this a Kafka broker?");
        }
        ByteBuffer frame = readFully(length);
        try {
            return ResponseFrame.decode(frame, request.apiKey(), version, id);
        } catch (MalformedMessageException e) {
            throw new IOException("an answer that is none: " + e.getMessage() + "; is this a Kafka broker?", e);
        }
    }

    private ByteBuffer readFully(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                throw new EOFException("the broker closed the connection");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
