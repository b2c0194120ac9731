package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.testkit.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose listener is SSL, and how its console tells that the certificate comes to its end. */
@Timeout(120)
class CertificateWarningsTest {
    private static final String WARNINGS = "/api/v1/warnings";

    @TempDir
    private Path folder;

    private RunningConsole start(String... options) throws IOException, InterruptedException {
        Credentials credentials = Credentials.make(folder, "broker", options);
        Map<String, String> settings = new HashMap<>(credentials.keyStoreSettings());
        settings.put("listeners", "SSL://localhost:0");
        return RunningConsole.start(folder.resolve("data"), settings);
    }

    private static JsonNode onlyWarning(RunningConsole running) throws IOException, InterruptedException {
        JsonNode warnings = running.get(200, WARNINGS, WARNINGS).get("warnings");
        assertEquals(1, warnings.size(), warnings.toString());
        assertEquals("certificate-expiry", warnings.get(0).get("kind").asText());
        return warnings.get(0);
    }

    @Test
    void aCertificateThatExpiresSoon() throws IOException, InterruptedException {
        try (RunningConsole running = start("-validity", "10")) {
            JsonNode warning = onlyWarning(running);
            assertEquals("warning", warning.get("severity").asText());
            assertEquals(
                    "A certificate of listener SSL of broker 1 is about to expire",
                    warning.get("title").asText());
            assertTrue(warning.get("detail").asText().startsWith("That of CN=broker is valid until "));
            String metrics = running.send("GET", "/metrics", null).body();
            assertTrue(
                    metrics.contains("milena_certificate_expiry_seconds{listener=\"SSL\",subject=\"CN=broker\"} 86"),
                    metrics);
        }
    }

    @Test
    void aCertificateThatHasExpired() throws IOException, InterruptedException {
        try (RunningConsole running = start("-startdate", "-20d", "-validity", "10")) {
            JsonNode warning = onlyWarning(running);
            assertEquals("critical", warning.get("severity").asText());
            assertEquals(
                    "A certificate of listener SSL of broker 1 has expired",
                    warning.get("title").asText());
        }
    }

    @Test
    void aCertificateThatIsFresh() throws IOException, InterruptedException {
        try (RunningConsole running = start("-validity", "365")) {
            assertEquals(0, running.get(200, WARNINGS, WARNINGS).get("warnings").size());
        }
    }
}
