package io.milena.network.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's {@code ssl.*} settings, of a broker or of a client, as they were given; nothing is read yet.
 *
 * @param keys this end's private key and certificates; null shows none
 * @param keyPassword {@code ssl.key.password}; null is the key store's
 * @param trust whom the other end's certificate must come from; null is what the Java runtime trusts
 * @param protocols {@code ssl.enabled.protocols}
 * @param cipherSuites {@code ssl.cipher.suites}; empty is those of the Java runtime
 * @param clientAuth {@code ssl.client.auth}
 * @param isHostChecked {@code ssl.endpoint.identification.algorithm}: whether a client wants the host it has called to be in the certificate
 */
public record TlsSettings(
        @Nullable Store keys,
        @Nullable String keyPassword,
        @Nullable Store trust,
        List<String> protocols,
        List<String> cipherSuites,
        ClientAuth clientAuth,
        boolean isHostChecked) {
    /** What a listener wants of clients. */
    public enum ClientAuth {
        NONE,
        /** A client may have a certificate; one that it has must be trusted. */
        REQUESTED,
        REQUIRED
    }

    /** Where keys or certificates are. */
    public sealed interface Store {
        /** The prefix of its settings' names, for messages. */
        String prefix();
    }

    /**
     * A file.
     *
     * @param type {@code PKCS12}, {@code JKS} or {@code PEM}
     */
    public record StoreFile(
            String prefix, Path path, @Nullable String password, String type) implements Store {
        /** Without the password. */
        @Override
        public String toString() {
            return prefix + " " + path + " (" + type + ")";
        }
    }

    /**
     * PEM in the settings themselves.
     *
     * @param key a private key; null in a trust store
     */
    public record StoreText(String prefix, @Nullable String key, String certificates) implements Store {
        /** Without what it holds. */
        @Override
        public String toString() {
            return prefix + " in the settings";
        }
    }

    /** Settings by their names. */
    @FunctionalInterface
    public interface Given {
        @Nullable
        String value(String name);
    }

    /** Without passwords. */
    @Override
    public String toString() {
        return "keys " + keys + ", trust " + trust + ", " + protocols + ", client auth " + clientAuth;
    }

    /**
     * Those of a broker or a client.
     *
     * @param given what stands in the settings
     * @throws IllegalArgumentException naming the setting that has no sense, alone or beside others
     */
    public static TlsSettings of(Given given) {
        String auth = given.value("ssl.client.auth");
        return new TlsSettings(
                keys(given),
                given.value("ssl.key.password"),
                trust(given),
                protocols(given),
                list(given.value("ssl.cipher.suites")),
                auth == null
                        ? ClientAuth.NONE
                        : choice("ssl.client.auth", auth.toUpperCase(Locale.ROOT), ClientAuth.values()),
                isHostChecked(given.value("ssl.endpoint.identification.algorithm")));
    }

    private static boolean isHostChecked(@Nullable String algorithm) {
        if (algorithm == null || algorithm.equalsIgnoreCase("https")) {
            return true;
        }
        if (algorithm.isBlank()) {
            return false;
        }
        throw invalid("ssl.endpoint.identification.algorithm", algorithm, "https, or nothing at all, is allowed");
    }

    private static List<String> protocols(Given given) {
        List<String> protocols = list(given.value("ssl.enabled.protocols"));
        for (String protocol : protocols) {
            if (!protocol.equals("TLSv1.2") && !protocol.equals("TLSv1.3")) {
                throw invalid("ssl.enabled.protocols", protocol, "TLSv1.2 and TLSv1.3 are allowed, between commas");
            }
        }
        return protocols.isEmpty() ? List.of("TLSv1.2", "TLSv1.3") : protocols;
    }

    private static @Nullable Store keys(Given given) {
        String key = given.value("ssl.keystore.key");
        String chain = given.value("ssl.keystore.certificate.chain");
        if (key == null && chain == null) {
            return file("ssl.keystore", given);
        }
        if (key == null || chain == null) {
            throw new IllegalArgumentException(
                    "ssl.keystore.key and ssl.keystore.certificate.chain must be set together");
        }
        checkText("ssl.keystore", "ssl.keystore.key", given);
        return new StoreText("ssl.keystore", key, chain);
    }

    private static @Nullable Store trust(Given given) {
        String certificates = given.value("ssl.truststore.certificates");
        if (certificates == null) {
            return file("ssl.truststore", given);
        }
        checkText("ssl.truststore", "ssl.truststore.certificates", given);
        return new StoreText("ssl.truststore", null, certificates);
    }

    private static void checkText(String prefix, String name, Given given) {
        if (!"PEM".equalsIgnoreCase(given.value(prefix + ".type"))) {
            throw new IllegalArgumentException(name + " needs " + prefix + ".type=PEM");
        }
        if (given.value(prefix + ".location") != null) {
            throw new IllegalArgumentException(name + " and " + prefix + ".location must not be set both");
        }
        checkNoPassword(prefix, given);
    }

    private static void checkNoPassword(String prefix, Given given) {
        if (given.value(prefix + ".password") != null) {
            throw new IllegalArgumentException(prefix + ".password must not be set where " + prefix
                    + ".type is PEM; the password of an encrypted key is ssl.key.password");
        }
    }

    private static @Nullable Store file(String prefix, Given given) {
        String location = given.value(prefix + ".location");
        String form = given.value(prefix + ".type");
        String type = form == null ? "JKS" : form.toUpperCase(Locale.ROOT);
        if (!List.of("PKCS12", "JKS", "PEM").contains(type)) {
            throw invalid(prefix + ".type", String.valueOf(form), "PKCS12, JKS and PEM are allowed");
        }
        if (location == null) {
            return null;
        }
        if (type.equals("PEM")) {
            checkNoPassword(prefix, given);
        }
        return new StoreFile(prefix, Path.of(location), given.value(prefix + ".password"), type);
    }

    private static <E extends Enum<E>> E choice(String name, String value, E[] choices) {
        for (E choice : choices) {
            if (choice.name().equals(value)) {
                return choice;
            }
        }
        List<String> allowed = Stream.of(choices)
                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                .toList();
        throw invalid(name, value.toLowerCase(Locale.ROOT), String.join(", ", allowed) + " are allowed");
    }

    private static IllegalArgumentException invalid(String name, String value, String allowed) {
        return new IllegalArgumentException("Invalid value " + value + " for configuration " + name + ": " + allowed);
    }

    private static List<String> list(@Nullable String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split(","))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList();
    }
}
