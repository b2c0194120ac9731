package io.milena.cli.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Where jars come from: what the user names, else the mirror of Maven Central in the settings of their Maven, else Maven Central. */
record MavenRepository(String address) {
    static final String CENTRAL = "https://repo.maven.apache.org/maven2";

    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int READ_TIMEOUT_MS = 30_000;

    MavenRepository {
        address = address.replaceAll("/+$", "");
    }

    /** @param named what the user says, or nothing; {@code settings} the file where Maven's settings would be */
    static MavenRepository chosen(@Nullable String named, Path settings) throws IOException {
        if (named != null && !named.isBlank()) {
            return new MavenRepository(named.strip());
        }
        return new MavenRepository(mirror(settings).orElse(CENTRAL));
    }

    private static Optional<String> mirror(Path settings) throws IOException {
        if (!Files.isReadable(settings)) {
            return Optional.empty();
        }
        NodeList mirrors;
        try (InputStream in = Files.newInputStream(settings)) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            mirrors = factory.newDocumentBuilder().parse(in).getElementsByTagName("mirror");
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("cannot read " + settings + ": " + e.getMessage(), e);
        }
        for (int i = 0; i < mirrors.getLength(); i++) {
            Element mirror = (Element) mirrors.item(i);
            String url = text(mirror, "url");
            if (!url.isEmpty() && !text(mirror, "blocked").equals("true") && isOfCentral(text(mirror, "mirrorOf"))) {
                return Optional.of(url);
            }
        }
        return Optional.empty();
    }

    /** Maven's patterns: names with commas between, {@code *} and {@code external:*} for all of them, and {@code !} before what is not meant. */
    private static boolean isOfCentral(String pattern) {
        List<String> parts =
                Arrays.stream(pattern.split(",")).map(String::strip).toList();
        return !parts.contains("!central")
                && (parts.contains("central") || parts.contains("*") || parts.contains("external:*"));
    }

    private static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
    }

    InputStream open(String path) throws IOException {
        URLConnection connection = URI.create(address + "/" + path).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
        connection.setReadTimeout(READ_TIMEOUT_MS);
        return connection.getInputStream();
    }
}
