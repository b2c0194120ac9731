package io.milena.network.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys and certificates as text (RFC 7468): between a line that begins and one that ends each. What stands outside is passed over. */
final class PemText {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private final String text;

    PemText(String text) {
        this.text = text;
    }

    /** All certificates, in order. */
    List<X509Certificate> certificates() throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).endsWith("CERTIFICATE")) {
                certificates.add(
                        (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decoded(block))));
            }
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("it has no BEGIN CERTIFICATE");
        }
        return certificates;
    }

    /**
     * The first private key.
     *
     * @param algorithm of the public key in its certificate
     * @param password of a key that is encrypted
     */
    PrivateKey privateKey(String algorithm, @Nullable String password) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).endsWith("PRIVATE KEY")) {
                return privateKey(block, algorithm, password);
            }
        }
        throw new GeneralSecurityException("it has no BEGIN PRIVATE KEY");
    }

    private static PrivateKey privateKey(Matcher block, String algorithm, @Nullable String password)
            throws GeneralSecurityException {
        PKCS8EncodedKeySpec key = switch (block.group(1)) {
            case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(decoded(block));
            case "ENCRYPTED PRIVATE KEY" -> decrypted(decoded(block), password);
            default ->
                throw new GeneralSecurityException("a " + block.group(1)
                        + " is not in the form PKCS #8, which begins with BEGIN PRIVATE KEY or BEGIN ENCRYPTED"
                        + " PRIVATE KEY");
        };
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(key);
        } catch (InvalidKeySpecException e) {
            throw new GeneralSecurityException(
                    "its private key is none of its certificate's, which is of " + algorithm, e);
        }
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] encoded, @Nullable String password)
            throws GeneralSecurityException {
        if (password == null) {
            throw new GeneralSecurityException("its private key is encrypted, and ssl.key.password is not set");
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encoded);
            // the name of a family says less than its parameters do
            String algorithm =
                    info.getAlgName().equals("PBES2") ? info.getAlgParameters().toString() : info.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
                    info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (IOException e) {
            throw new GeneralSecurityException("its private key cannot be read: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("its private key does not open with ssl.key.password", e);
        }
    }

    private static byte[] decoded(Matcher block) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(block.group(2).getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("its " + block.group(1) + " is no Base64", e);
        }
    }
}
