package io.milena.network;

import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** TCP, through channels that park virtual threads. */
public final class SocketNetwork implements Network {
    private final Options options;

    /**
     * How sockets are set up.
     *
     * @param sendBufferBytes {@code socket.send.buffer.bytes}; -1 leaves it to the system
     * @param receiveBufferBytes {@code socket.receive.buffer.bytes}; -1 leaves it to the system
     * @param backlog {@code socket.listen.backlog.size}: connections that wait to be accepted
     */
    public record Options(int sendBufferBytes, int receiveBufferBytes, int backlog) {
        /** Buffers as the system tunes them, and a backlog for a whole fleet that reconnects at once. */
        public static final Options DEFAULTS = new Options(-1, -1, 512);
    }

    public SocketNetwork() {
        this(Options.DEFAULTS);
    }

    public SocketNetwork(Options options) {
        this.options = options;
    }

    @Override
    public Listener listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (options.receiveBufferBytes > 0) {
                // Accepted sockets inherit it; set before listening, it also decides the window that is offered.
                channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes);
            }
            channel.bind(resolved(address), options.backlog);
            return new SocketListener(channel, address.getHostString());
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Transport connect(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (options.receiveBufferBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes);
            }
            channel.connect(resolved(address));
            return transport(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static InetSocketAddress resolved(InetSocketAddress address) throws IOException {
        InetSocketAddress resolved =
                address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
        if (resolved.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        return resolved;
    }

    private Transport transport(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (options.sendBufferBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes);
        }
        return new SocketTransport(channel);
    }

    private final class SocketListener implements Listener {
        private final ServerSocketChannel channel;
        private final String host;

        SocketListener(ServerSocketChannel channel, String host) {
            this.channel = channel;
            this.host = host;
        }

        @Override
        public Transport accept() throws IOException {
            while (true) {
                SocketChannel accepted = channel.accept();
                try {
                    return transport(accepted);
                } catch (IOException e) {
                    // The peer has already gone; that is no failure of the listener.
                    accepted.close();
                }
            }
        }

        @Override
        public InetSocketAddress address() {
            return InetSocketAddress.createUnresolved(host, channel.socket().getLocalPort());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
