package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client on the loopback that sends and receives frames from platform threads. Its reads fail after a patience that no working server needs. */
final class Client implements Closeable {
    private static final int PATIENCE_MS = 60_000;

    private final Socket socket;
    private final DataInputStream in;

    /** A client on a socket that is connected. */
    Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    static Client connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** @param receiveBufferBytes 0 leaves it to the system */
    static Client connect(int port, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
        return new Client(socket);
    }

    /** Each text is the content of one frame; all leave in one write. */
    void send(String... texts) throws IOException {
        int bytes = 0;
        for (String text : texts) {
            bytes += Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
        }
        ByteBuffer frames = ByteBuffer.allocate(bytes);
        for (String text : texts) {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            frames.putInt(content.length).put(content);
        }
        sendBytes(frames.array());
    }

    void sendFrame(byte[] content) throws IOException {
        sendBytes(ByteBuffer.allocate(Integer.BYTES + content.length)
                .putInt(content.length)
                .put(content)
                .array());
    }

    void sendSize(int size) throws IOException {
        sendBytes(ByteBuffer.allocate(Integer.BYTES).putInt(size).array());
    }

    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    String receive() throws IOException {
        return new String(receiveFrame(), StandardCharsets.UTF_8);
    }

    byte[] receiveFrame() throws IOException {
        return receiveBytes(receiveSize());
    }

    int receiveSize() throws IOException {
        return in.readInt();
    }

    byte[] receiveBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    String ask(String text) throws IOException {
        send(text);
        return receive();
    }

    /** Nothing more comes but the end, or the reset that it becomes when the server has left bytes unread. */
    void assertClosed() throws IOException {
        int next;
        try {
            next = in.read();
        } catch (SocketException e) {
            next = -1;
        }
        assertEquals(-1, next, "the server goes on");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
