package io.milena.broker;

import io.milena.metadata.SettingCatalog;
import java.util.Set;

/** What is spoken on the listener, and the keys for it. */
final class TlsSettingCatalog {
    private TlsSettingCatalog() {}

    static SettingCatalog added(SettingCatalog catalog) {
        return catalog.string(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,SSL:SSL",
                        Set.of(),
                        null,
                        "What the listener speaks, by its name in listeners: PLAINTEXT or SSL, which is TLS.")
                .string(
                        "inter.broker.listener.name",
                        null,
                        Set.of(),
                        null,
                        "Where the brokers of a cluster reach each other: the name in listeners, since there is one"
                                + " listener.")
                .string(
                        "security.inter.broker.protocol",
                        null,
                        Set.of("PLAINTEXT", "SSL"),
                        null,
                        "What the brokers of a cluster speak with each other: what their listener speaks, and where"
                                + " this says something else, there is no start. Not the way in which they agree on the"
                                + " metadata (milena.quorum.listener), which is never encrypted.")
                .string(
                        "ssl.keystore.location",
                        null,
                        Set.of(),
                        null,
                        "The file with the broker's private key and its certificates. A listener that is SSL needs it"
                                + " (or ssl.keystore.key). Read at the start.")
                .password("ssl.keystore.password", "The password of that file; a PEM file has none.")
                .string(
                        "ssl.keystore.type",
                        "JKS",
                        Set.of("JKS", "PEM", "PKCS12"),
                        null,
                        "The form of that file; a file that is PKCS12 opens as JKS too. PEM is a private key in the form"
                                + " PKCS #8 and certificates, the broker's own first.")
                .password(
                        "ssl.key.password",
                        "The password of the private key itself; if it is not set, that of the file. With PEM, of a key"
                                + " that is encrypted.")
                .password(
                        "ssl.keystore.key",
                        "The private key itself, as PEM, instead of a file; with ssl.keystore.type=PEM and"
                                + " ssl.keystore.certificate.chain.")
                .password(
                        "ssl.keystore.certificate.chain",
                        "The certificates themselves, as PEM, the broker's own first; with ssl.keystore.key.")
                .string(
                        "ssl.truststore.location",
                        null,
                        Set.of(),
                        null,
                        "The file with the certificates that are trusted: of clients that show one, and of the other"
                                + " brokers. If it is not set, those that the Java runtime trusts. Read at the start.")
                .password("ssl.truststore.password", "The password of that file; a PEM file has none.")
                .string(
                        "ssl.truststore.type",
                        "JKS",
                        Set.of("JKS", "PEM", "PKCS12"),
                        null,
                        "The form of that file; a file that is PKCS12 opens as JKS too.")
                .password(
                        "ssl.truststore.certificates",
                        "The trusted certificates themselves, as PEM, instead of a file; with ssl.truststore.type=PEM.")
                .string(
                        "ssl.client.auth",
                        "none",
                        Set.of("none", "requested", "required"),
                        null,
                        "Whether a client shows a certificate: none is asked for one, requested may do without, required"
                                + " is refused without. One that is shown must be trusted. With required, the other"
                                + " brokers show theirs.")
                .list(
                        "ssl.enabled.protocols",
                        "TLSv1.2,TLSv1.3",
                        Set.of("TLSv1.2", "TLSv1.3"),
                        null,
                        "The versions of TLS that are spoken; the newest that both ends speak is chosen.")
                .string(
                        "ssl.cipher.suites",
                        null,
                        Set.of(),
                        null,
                        "The cipher suites that are allowed, between commas, by the names that Java has for them; if it"
                                + " is not set, those of the Java runtime.")
                .string(
                        "ssl.endpoint.identification.algorithm",
                        "https",
                        Set.of(),
                        null,
                        "Whether a broker that connects to another wants the host it has called to be in the other's"
                                + " certificate: https for yes, nothing at all for no.");
    }
}
