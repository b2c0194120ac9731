package io.milena.cli;

import io.milena.testkit.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands and a broker whose listener is SSL. */
@Timeout(120)
class TlsCommandsTest {
    @TempDir
    private Path folder;

    private Credentials credentials;
    private CommandRunner milena;

    @BeforeEach
    void start() throws IOException {
        credentials = Credentials.make(folder, "broker");
        Map<String, String> settings = new HashMap<>(credentials.keyStoreSettings());
        settings.put("listeners", "SSL://localhost:0");
        milena = CommandRunner.withBroker(folder.resolve("data").toString(), settings);
    }

    @AfterEach
    void stop() {
        milena.close();
    }

    private String properties(String... lines) throws IOException {
        return Files.writeString(folder.resolve("client.properties"), String.join("\n", lines))
                .toString();
    }

    @Test
    void aFileOfPropertiesSaysWhomToTrust() throws IOException {
        String file = properties(
                "security.protocol=SSL",
                "ssl.truststore.type=PEM",
                "ssl.truststore.location=" + credentials.certificateFile(),
                "client.id=not.for.us");
        milena.run("topics create orders --partitions 2 --command-config " + file)
                .succeeds();
        milena.run("a\nb\n", "produce orders --command-config " + file).succeeds();
        milena.run("cluster status --command-config " + file).succeeds();
    }

    @Test
    void whatGoesWrongIsSaidWithWhatHelps() throws IOException {
        milena.run("topics list").isRefused(1, "closed the connection", "--command-config", "security.protocol=SSL");
        milena.run("topics list --command-config " + properties("security.protocol=SSL"))
                .isRefused(1, "the TLS handshake failed", "--command-config");
        milena.run("topics list --command-config " + properties("security.protocol=SASL_SSL"))
                .isRefused(1, "security.protocol", "PLAINTEXT and SSL");
        milena.run("topics list --command-config "
                        + properties("security.protocol=SSL", "ssl.truststore.location=/nowhere"))
                .isRefused(1, "ssl.truststore.location /nowhere", "there is no such file");
        milena.run("topics list --command-config /nowhere").isRefused(1, "there is no file /nowhere");
    }
}
