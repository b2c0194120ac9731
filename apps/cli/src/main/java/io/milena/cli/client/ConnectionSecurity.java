package io.milena.cli.client;

import io.milena.network.tls.TlsContext;
import io.milena.network.tls.TlsSettings;
import java.io.IOException;
import java.io.Reader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What is spoken with brokers: plain text or TLS, by the properties that Kafka's own tools take with {@code --command-config}. */
public final class ConnectionSecurity {
    /** As brokers speak it that nobody has told otherwise. */
    public static final ConnectionSecurity PLAINTEXT = new ConnectionSecurity(null);

    private final @Nullable TlsContext tls;

    private ConnectionSecurity(@Nullable TlsContext tls) {
        this.tls = tls;
    }

    /**
     * By a properties file: {@code security.protocol} and {@code ssl.*}. What else stands there is of no use here.
     *
     * @throws IllegalArgumentException naming the property that is not allowed
     * @throws IOException if a file cannot be read; the message says which
     */
    public static ConnectionSecurity of(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
        String protocol =
                properties.getProperty("security.protocol", "PLAINTEXT").strip();
        return switch (protocol) {
            case "PLAINTEXT" -> PLAINTEXT;
            case "SSL" -> new ConnectionSecurity(TlsContext.of(TlsSettings.of(properties::getProperty)));
            default ->
                throw new IllegalArgumentException("Invalid value " + protocol
                        + " for configuration security.protocol: PLAINTEXT and SSL are allowed");
        };
    }

    boolean isPlain() {
        return tls == null;
    }

    /** What to talk over, around a socket that is connected, after the handshake; the socket itself where no TLS is spoken. */
    Socket around(Socket connected, String host, int port) throws IOException {
        return tls == null ? connected : tls.connect(connected, host, port);
    }
}
