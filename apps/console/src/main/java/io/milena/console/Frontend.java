package io.milena.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages for people: one document for every address of the console, and the files that it loads. Their addresses have a digest of all of them in it, so that a browser may keep each for ever, and a new version is seen
 * at once. Read from the program at the first request; immutable.
 */
final class Frontend {
    static final List<String> FILES = List.of(
            "api.js",
            "app.js",
            "broker-settings.js",
            "chart.js",
            "dom.js",
            "format.js",
            "group.js",
            "groups.js",
            "letter.js",
            "letters.js",
            "mark.svg",
            "messages.js",
            "new-topic.js",
            "offsets.js",
            "overview.js",
            "parts.js",
            "produce.js",
            "records.js",
            "router.js",
            "scale.js",
            "search.js",
            "setting-control.js",
            "settings-list.js",
            "style.css",
            "theme.js",
            "topic-settings.js",
            "topic.js",
            "topics.js",
            "transactions.js",
            "trash.js",
            "warnings.js");

    private static final List<String> ADDRESSES = List.of(
            "/",
            "/topics",
            "/topics/{topic}",
            "/topics/{topic}/{tab}",
            "/groups",
            "/groups/{group}",
            "/groups/{group}/{tab}",
            "/transactions",
            "/dead-letters",
            "/dead-letters/{topic}",
            "/trash",
            "/settings");

    /** Nothing from elsewhere, nothing inline, and no text that becomes a document: what a record or a name says stays text. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private Frontend() {}

    /** What is read once, when somebody asks. */
    private static final class Loaded {
        private static final Map<String, byte[]> CONTENT = content();
        private static final String VERSION = digest(CONTENT);
        private static final byte[] DOCUMENT = new String(read("index.html"), StandardCharsets.UTF_8)
                .replace("VERSION", VERSION)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What stands in their queries is read in the browser. */
    static Router addTo(Router router) {
        ADDRESSES.forEach(address -> router.add(address, Frontend::document, Router.ANY_NAME));
        router.add("/assets/{version}/{file}", Frontend::file, Router.ANY_NAME);
        // the last, which is taken when no other fits
        return router.add("/{unknown}", Frontend::unknown, Router.ANY_NAME);
    }

    private static Page.Response document(Request request) {
        return document(200);
    }

    /** Who typed an address gets a page that says so; programs get the problem. */
    private static Page.Response unknown(Request request) throws BadRequest {
        if (!request.accept().contains("text/html")) {
            throw new BadRequest(404, "There is nothing here.");
        }
        return document(404);
    }

    private static Page.Response document(int status) {
        return new Page.Response(
                status,
                "text/html; charset=utf-8",
                Map.of("Content-Security-Policy", POLICY, "Referrer-Policy", "no-referrer"),
                out -> out.write(Loaded.DOCUMENT));
    }

    private static Page.Response file(Request request) throws BadRequest {
        String name = request.part("file");
        byte[] content = Loaded.CONTENT.get(name);
        if (content == null || !request.part("version").equals(Loaded.VERSION)) {
            throw new BadRequest(404, "There is no such file in this version.");
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        return new Page.Response(
                200,
                type == null ? "application/octet-stream" : type,
                Map.of("Cache-Control", "public, max-age=31536000, immutable", "Content-Security-Policy", POLICY),
                out -> out.write(content));
    }

    private static Map<String, byte[]> content() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        FILES.forEach(name -> files.put(name, read(name)));
        return files;
    }

    private static byte[] read(String name) {
        try (InputStream file = Frontend.class.getResourceAsStream("web/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the program has no file " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name + " of the program", e);
        }
    }

    private static String digest(Map<String, byte[]> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files.forEach((name, content) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(content);
            });
            return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
