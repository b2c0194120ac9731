package io.milena.network;

import io.milena.network.tls.TlsContext;
import io.milena.network.tls.TlsNetwork;
import io.milena.network.tls.TlsSettings;
import io.milena.runtime.Network;
import io.milena.testkit.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Security;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server with credentials, and clients that believe it or not. */
final class TlsWorld {
    static {
        // Read by the JDK once: an end that has sent so much takes a new key, and asks the other one to do so too.
        Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^18, ChaCha20-Poly1305 KeyUpdate 2^18");
    }

    final Path folder;
    final Credentials server;
    final Credentials client;
    final Credentials stranger;

    TlsWorld(Path folder) throws IOException {
        this.folder = folder;
        server = Credentials.make(folder, "broker");
        client = Credentials.make(folder, "client");
        stranger = Credentials.make(folder, "stranger");
    }

    /** TLS with the server's key, which believes {@link #client}. */
    Network around(Network below, Map<String, String> more) throws IOException {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "ssl.keystore.location",
                server.keyStore().toString(),
                "ssl.keystore.password",
                Credentials.PASSWORD,
                "ssl.keystore.type",
                "PKCS12",
                "ssl.truststore.location",
                client.certificateFile().toString(),
                "ssl.truststore.type",
                "PEM"));
        settings.putAll(more);
        return new TlsNetwork(below, TlsContext.ofListener(TlsSettings.of(settings::get)));
    }

    /** TLS of a client that believes {@link #server}. */
    Network clientAround(Network below) throws IOException {
        Map<String, String> settings =
                Map.of("ssl.truststore.location", server.certificateFile().toString(), "ssl.truststore.type", "PEM");
        return new TlsNetwork(below, TlsContext.of(TlsSettings.of(settings::get)));
    }

    LoopbackServer start(FrameHandler handler, ConnectionServer.Limits limits, Map<String, String> more)
            throws IOException {
        return LoopbackServer.startWith((local, remote) -> handler, limits, around(new SocketNetwork(), more));
    }

    LoopbackServer start(Map<String, String> more) throws IOException {
        return start(LoopbackServer::echo, LoopbackServer.WIDE, more);
    }

    /** A connection of the JDK's own client, which has not shaken hands yet. */
    static SSLSocket connect(int port, SSLContext context, String... protocols) throws IOException {
        Socket plain = new Socket();
        plain.setSoTimeout(60_000);
        plain.setTcpNoDelay(true);
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }
}
