package io.milena.network;

import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** TCP, through channels that park virtual threads. */
public final class SocketNetwork implements Network {
    private static final int BACKLOG = 512;

    @Override
    public Listener listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            return new SocketListener(channel, address.getHostString());
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Transport connect(InetSocketAddress address) throws IOException {
        return new SocketTransport(SocketChannel.open(address));
    }

    private record SocketListener(ServerSocketChannel channel, String host) implements Listener {
        @Override
        public Transport accept() throws IOException {
            return new SocketTransport(channel.accept());
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
