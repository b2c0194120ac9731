package io.milena.network.tls;

import io.milena.network.HandshakeException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Keys and trust, read once, and the engines that use them. Immutable; safe for use by many threads. */
public final class TlsContext {
    private final TlsSettings settings;
    private final SSLContext context;
    private final List<X509Certificate> certificates;

    private TlsContext(TlsSettings settings, SSLContext context, List<X509Certificate> certificates) {
        this.settings = settings;
        this.context = context;
        this.certificates = certificates;
    }

    /**
     * Reads the files of a listener, which needs a key.
     *
     * @throws IOException if one of them cannot be used; the message names its setting
     */
    public static TlsContext ofListener(TlsSettings settings) throws IOException {
        if (settings.keys() == null) {
            throw new IOException("a listener that is SSL needs ssl.keystore.location, or ssl.keystore.key and"
                    + " ssl.keystore.certificate.chain");
        }
        return of(settings);
    }

    /**
     * Reads the files, of which none is needed by who only connects to others.
     *
     * @throws IOException if one of them cannot be used; the message names its setting
     */
    public static TlsContext of(TlsSettings settings) throws IOException {
        TlsSettings.Store keys = settings.keys();
        TlsSettings.Store trust = settings.trust();
        StoredKeys.@Nullable Opened opened = keys == null ? null : new StoredKeys(keys).keys(settings.keyPassword());
        KeyStore trusted = trust == null ? null : new StoredKeys(trust).trust();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(opened == null ? null : opened.managers().getKeyManagers(), trustManagers(trusted), null);
            TlsContext made = new TlsContext(settings, context, opened == null ? List.of() : shown(opened.keys()));
            made.check(context.createSSLEngine());
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("the ssl settings cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] trustManagers(@Nullable KeyStore trusted) throws GeneralSecurityException {
        if (trusted == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static List<X509Certificate> shown(KeyStore keys) throws GeneralSecurityException {
        List<X509Certificate> shown = new ArrayList<>();
        for (String alias : Collections.list(keys.aliases())) {
            if (keys.isKeyEntry(alias)) {
                for (Certificate certificate : keys.getCertificateChain(alias)) {
                    shown.add((X509Certificate) certificate);
                }
            }
        }
        return List.copyOf(shown);
    }

    private void check(SSLEngine engine) throws IOException {
        List<String> known = List.of(engine.getSupportedCipherSuites());
        for (String suite : settings.cipherSuites()) {
            if (!known.contains(suite)) {
                throw new IOException("Invalid value " + suite
                        + " for configuration ssl.cipher.suites: this Java runtime has no such suite");
            }
        }
    }

    /** What this end shows: the certificates of all its keys, with those that vouch for them. */
    public List<X509Certificate> certificates() {
        return certificates;
    }

    /**
     * For who uses sockets of the JDK: a socket around one that is connected, after the handshake.
     *
     * @throws HandshakeException if the other end is not who it should be, or speaks no TLS
     */
    public Socket connect(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true);
        socket.setSSLParameters(forClient(host, port).getSSLParameters());
        try {
            socket.startHandshake();
            return socket;
        } catch (SSLException e) {
            socket.close();
            throw new HandshakeException("the TLS handshake failed: " + e.getMessage(), e);
        }
    }

    /** For one connection that came. */
    SSLEngine forListener() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        switch (settings.clientAuth()) {
            case NONE -> parameters.setNeedClientAuth(false);
            case REQUESTED -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** For one connection to that host. */
    SSLEngine forClient(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        if (settings.isHostChecked()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        if (!settings.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.cipherSuites().toArray(String[]::new));
        }
        return parameters;
    }
}
