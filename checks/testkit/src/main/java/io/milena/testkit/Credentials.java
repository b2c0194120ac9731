package io.milena.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A private key and a certificate that vouches for itself, made by the JDK's {@code keytool} in a folder of a test. Whoever is to believe it trusts {@link #certificate()}.
 *
 * @param keyStore PKCS12, with {@link #PASSWORD}
 */
public record Credentials(Path keyStore) {
    /** Of key stores and encrypted keys. */
    public static final String PASSWORD = "a secret of tests";

    private static final String ENCRYPTION = "PBEWithHmacSHA256AndAES_256";

    /**
     * Makes them for localhost, and for a host of the same name as they have.
     *
     * @param options of {@code keytool -genkeypair}, such as {@code -validity} and {@code -startdate}
     */
    public static Credentials make(Path folder, String name, String... options) throws IOException {
        Path keyStore = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1,dns:" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return new Credentials(keyStore);
    }

    private KeyStore opened() throws GeneralSecurityException, IOException {
        KeyStore opened = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            opened.load(in, PASSWORD.toCharArray());
        }
        return opened;
    }

    /** The store under the names that Kafka's clients and brokers have for it. */
    public Map<String, String> keyStoreSettings() {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keyStore.toString(),
                "ssl.keystore.password",
                PASSWORD);
    }

    /** Its certificate, as PEM. */
    public String certificate() throws IOException {
        try {
            KeyStore opened = opened();
            Certificate certificate = opened.getCertificate(opened.aliases().nextElement());
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** A file with {@link #certificate()}, beside the key store. */
    public Path certificateFile() throws IOException {
        return Files.writeString(keyStore.resolveSibling(keyStore.getFileName() + ".crt"), certificate());
    }

    /** Its private key, as PEM in the form PKCS #8. */
    public String key() throws IOException {
        try {
            return block("PRIVATE KEY", privateKey().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** As {@link #key()}, encrypted with {@link #PASSWORD}. */
    public String encryptedKey() throws IOException {
        try {
            Cipher cipher = Cipher.getInstance(ENCRYPTION);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(ENCRYPTION).generateSecret(new PBEKeySpec(PASSWORD.toCharArray())));
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
            parameters.init(cipher.getParameters().getEncoded());
            byte[] sealed = cipher.doFinal(privateKey().getEncoded());
            return block("ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(parameters, sealed).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private Key privateKey() throws GeneralSecurityException, IOException {
        KeyStore opened = opened();
        return opened.getKey(opened.aliases().nextElement(), PASSWORD.toCharArray());
    }

    /** What shows these credentials and believes those of {@code others}. */
    public SSLContext believing(Credentials... others) throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(opened(), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust(others).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** What shows nothing and believes {@code others}. */
    public static SSLContext anonymousBelieving(Credentials... others) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(others).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static TrustManagerFactory trust(Credentials... others) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (Credentials other : others) {
            KeyStore opened = other.opened();
            String alias = opened.aliases().nextElement();
            trusted.setCertificateEntry(alias, opened.getCertificate(alias));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }

    private static String block(String title, byte[] content) {
        return "-----BEGIN " + title + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + title
                + "-----\n";
    }
}
