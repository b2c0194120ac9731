package io.milena.network.tls;

import io.milena.runtime.Network;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Another network with TLS on all its connections. */
public final class TlsNetwork implements Network {
    private final Network below;
    private final TlsContext context;

    public TlsNetwork(Network below, TlsContext context) {
        this.below = below;
        this.context = context;
    }

    /** Those who connect have shaken hands when their first byte is read. */
    @Override
    public Listener listen(InetSocketAddress address) throws IOException {
        Listener listener = below.listen(address);
        return new Listener() {
            @Override
            public Transport accept() throws IOException {
                return new TlsTransport(listener.accept(), context::forListener);
            }

            @Override
            public InetSocketAddress address() {
                return listener.address();
            }

            @Override
            public void close() throws IOException {
                listener.close();
            }
        };
    }

    /** The handshake is that of the first read or write, which fails with a {@link io.milena.network.HandshakeException} if the other end is not who it should be. */
    @Override
    public Transport connect(InetSocketAddress address) throws IOException {
        return new TlsTransport(
                below.connect(address), () -> context.forClient(address.getHostString(), address.getPort()));
    }
}
