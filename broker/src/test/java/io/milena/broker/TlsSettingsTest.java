package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of the listener and of its keys that have no sense: the start fails, and says which and what is allowed. */
class TlsSettingsTest {
    private static Credentials credentials;

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void makeCredentials(@TempDir Path keys) throws IOException {
        credentials = Credentials.make(keys, "broker");
    }

    private static BrokerSettings settings(String... namesAndValues) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return BrokerSettings.of(all);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listeners | TLS://localhost:0 | TLS | listeners",
                "listeners | SSL://localhost | SSL://host:port | listeners",
                "listeners | SASL_SSL://localhost:0 | SASL_SSL | listeners",
                "listeners | SSL://localhost:0,PLAINTEXT://localhost:1 | one address of the form SSL://host:port | listeners",
                "advertised.listeners | SSL://host:9093 | PLAINTEXT://host:port | advertised.listeners",
                "listener.security.protocol.map | PLAINTEXT | LISTENER:SSL | listener.security.protocol.map",
                "listener.security.protocol.map | PLAINTEXT:TLS | LISTENER:SSL | listener.security.protocol.map",
                "listener.security.protocol.map | PLAINTEXT:SASL_SSL | no SASL | listener.security.protocol.map",
                "inter.broker.listener.name | INSIDE | PLAINTEXT | inter.broker.listener.name",
                "security.inter.broker.protocol | SSL | PLAINTEXT | security.inter.broker.protocol",
                "security.inter.broker.protocol | SASL_SSL | one of PLAINTEXT, SSL | security.inter.broker.protocol",
                "ssl.client.auth | maybe | one of none, requested, required | ssl.client.auth",
                "ssl.enabled.protocols | TLSv1.1 | a list of TLSv1.2, TLSv1.3 | ssl.enabled.protocols",
                "ssl.keystore.type | DER | one of JKS, PEM, PKCS12 | ssl.keystore.type",
                "ssl.truststore.type | DER | one of JKS, PEM, PKCS12 | ssl.truststore.type"
            })
    void whatIsNotAllowedIsNamed(String name, String value, String said, String named) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> settings(name, value));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("for configuration " + named), message);
        assertTrue(message.contains(said), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl.keystore.key | x | ssl.keystore.certificate.chain",
                "ssl.truststore.certificates | x | ssl.truststore.type=PEM",
                "ssl.endpoint.identification.algorithm | ldap | ssl.endpoint.identification.algorithm"
            })
    void whatHasNoSenseOnAListenerThatIsSslIsNamed(String name, String value, String said) {
        settings(name, value); // nobody asks for it on one that is not
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> settings("listeners", "SSL://localhost:0", name, value));
        assertTrue(String.valueOf(refusal.getMessage()).contains(said), refusal.getMessage());
    }

    @Test
    void namesOfListenersMayBeAnyOfTheMap() {
        BrokerSettings settings = settings(
                "listeners", "OUT_SIDE://:0", "listener.security.protocol.map", "OUT_SIDE:SSL, OTHER:SASL_PLAINTEXT");
        assertEquals("OUT_SIDE", settings.listener().name());
        assertEquals(ListenerSettings.Protocol.SSL, settings.listener().protocol());
        assertEquals("0.0.0.0", settings.listener().bound().getHostString());
        assertEquals("localhost", settings.advertised(9093).getHostString());
    }

    private String refusalOfStart(String... namesAndValues) {
        List<String> all = new ArrayList<>(List.of(namesAndValues));
        all.addAll(List.of(
                "listeners",
                "SSL://localhost:0",
                "log.dirs",
                folder.resolve("data").toString()));
        IOException refusal = assertThrows(
                IOException.class,
                () -> Broker.start(settings(all.toArray(String[]::new))).close());
        assertFalse(Files.exists(folder.resolve("data")), "nothing was begun");
        String message = String.valueOf(refusal.getMessage());
        assertFalse(message.contains(Credentials.PASSWORD), "a secret is told");
        return message;
    }

    @Test
    void keysThatCannotBeUsedAreNamed() throws IOException {
        String keyStore = credentials.keyStore().toString();
        assertTrue(refusalOfStart().contains("needs ssl.keystore.location"));
        assertTrue(refusalOfStart("ssl.keystore.location", "/nowhere").contains("/nowhere"));
        assertTrue(refusalOfStart("ssl.keystore.location", "/nowhere").contains("there is no such file"));
        assertTrue(refusalOfStart("ssl.keystore.location", keyStore, "ssl.keystore.password", "wrong")
                .contains("it does not open with ssl.keystore.password"));
        assertTrue(refusalOfStart(
                        "ssl.keystore.location",
                        keyStore,
                        "ssl.keystore.password",
                        Credentials.PASSWORD,
                        "ssl.key.password",
                        "wrong")
                .contains("its private key does not open with ssl.key.password"));
        Path text = Files.writeString(folder.resolve("text"), "nothing");
        assertTrue(refusalOfStart("ssl.keystore.type", "PEM", "ssl.keystore.location", text.toString())
                .contains("it has no BEGIN CERTIFICATE"));
        assertTrue(refusalOfStart(
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.location",
                        credentials.certificateFile().toString())
                .contains("it has no BEGIN PRIVATE KEY"));
        String encrypted = credentials.encryptedKey();
        String chain = credentials.certificate();
        assertTrue(refusalOfStart(
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.key",
                        encrypted,
                        "ssl.keystore.certificate.chain",
                        chain)
                .contains("ssl.key.password is not set"));
        assertTrue(refusalOfStart(
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.key",
                        encrypted,
                        "ssl.keystore.certificate.chain",
                        chain,
                        "ssl.key.password",
                        "wrong")
                .contains("its private key does not open with ssl.key.password"));
        assertTrue(refusalOfStart(
                        "ssl.keystore.location",
                        keyStore,
                        "ssl.keystore.password",
                        Credentials.PASSWORD,
                        "ssl.truststore.location",
                        text.toString())
                .contains("ssl.truststore.location"));
        assertTrue(refusalOfStart(
                        "ssl.keystore.location",
                        keyStore,
                        "ssl.keystore.password",
                        Credentials.PASSWORD,
                        "ssl.cipher.suites",
                        "ROT13")
                .contains("ssl.cipher.suites"));
    }
}
