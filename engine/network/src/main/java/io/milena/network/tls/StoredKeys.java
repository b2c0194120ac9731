package io.milena.network.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** Reads what {@link TlsSettings} point at. Messages name the setting, never a password. */
final class StoredKeys {
    private final TlsSettings.Store store;

    StoredKeys(TlsSettings.Store store) {
        this.store = store;
    }

    /** A store with a private key, and what signs with it. */
    record Opened(KeyStore keys, KeyManagerFactory managers) {
        static Opened of(KeyStore keys, String keyPassword) throws GeneralSecurityException {
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, keyPassword.toCharArray());
            return new Opened(keys, managers);
        }
    }

    /** @throws IOException if there is no private key that can be used; the message names the setting */
    Opened keys(@Nullable String keyPassword) throws IOException {
        try {
            return switch (store) {
                case TlsSettings.StoreText text ->
                    keys(new PemText(String.valueOf(text.key())), new PemText(text.certificates()), keyPassword);
                case TlsSettings.StoreFile file
                when isPem(file) -> {
                    PemText text = new PemText(Files.readString(file.path()));
                    yield keys(text, text, keyPassword);
                }
                case TlsSettings.StoreFile file -> {
                    String password = keyPassword == null ? file.password() : keyPassword;
                    yield opened(load(file), password == null ? "" : password);
                }
            };
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(e);
        }
    }

    private static Opened keys(PemText key, PemText certificates, @Nullable String keyPassword)
            throws GeneralSecurityException, IOException {
        List<X509Certificate> chain = certificates.certificates();
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        KeyStore keys = empty();
        String password = "in memory only";
        keys.setKeyEntry(
                "key",
                key.privateKey(algorithm, keyPassword),
                password.toCharArray(),
                chain.toArray(Certificate[]::new));
        return Opened.of(keys, password);
    }

    private static Opened opened(KeyStore keys, String keyPassword) throws GeneralSecurityException {
        for (String alias : Collections.list(keys.aliases())) {
            if (keys.isKeyEntry(alias)) {
                try {
                    return Opened.of(keys, keyPassword);
                } catch (UnrecoverableKeyException e) {
                    throw new GeneralSecurityException("its private key does not open with ssl.key.password", e);
                }
            }
        }
        throw new GeneralSecurityException("it has no private key");
    }

    /** @throws IOException if there is no certificate to trust; the message names the setting */
    KeyStore trust() throws IOException {
        try {
            return switch (store) {
                case TlsSettings.StoreText text -> trust(new PemText(text.certificates()));
                case TlsSettings.StoreFile file when isPem(file) -> trust(new PemText(Files.readString(file.path())));
                case TlsSettings.StoreFile file -> withCertificates(load(file));
            };
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(e);
        }
    }

    private static KeyStore trust(PemText text) throws GeneralSecurityException, IOException {
        KeyStore trust = empty();
        for (X509Certificate certificate : text.certificates()) {
            trust.setCertificateEntry("certificate-" + trust.size(), certificate);
        }
        return trust;
    }

    private static KeyStore withCertificates(KeyStore trust) throws GeneralSecurityException {
        for (String alias : Collections.list(trust.aliases())) {
            if (trust.isCertificateEntry(alias)) {
                return trust;
            }
        }
        throw new GeneralSecurityException("it has no certificate that is trusted");
    }

    private static boolean isPem(TlsSettings.StoreFile file) {
        return file.type().equals("PEM");
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }

    private static KeyStore load(TlsSettings.StoreFile file) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance(file.type());
        String password = file.password();
        try (InputStream in = Files.newInputStream(file.path())) {
            keys.load(in, password == null ? null : password.toCharArray());
        }
        return keys;
    }

    private IOException unusable(Exception failure) {
        String why = switch (failure) {
            case NoSuchFileException missing -> "there is no such file";
            case IOException e
            when e.getCause() instanceof UnrecoverableKeyException ->
                "it does not open with " + store.prefix() + ".password";
            default -> String.valueOf(failure.getMessage());
        };
        return new IOException(place() + " cannot be used: " + why, failure);
    }

    private String place() {
        return switch (store) {
            case TlsSettings.StoreFile file ->
                file.prefix() + ".location " + file.path() + ", which is " + file.type() + " by " + file.prefix()
                        + ".type,";
            case TlsSettings.StoreText text ->
                text.key() == null ? "ssl.truststore.certificates" : "ssl.keystore.certificate.chain";
        };
    }
}
