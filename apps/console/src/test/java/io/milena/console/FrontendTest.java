package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontendTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/milena/console/web");
    /** Compressed; what a browser loads for the first page must stay far below what a second carries on any line. */
    private static final int FIRST_PAGE_BYTES_MAX = 32 << 10;

    private final Router router = Frontend.addTo(new Router());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/topics",
                "/topics/orders",
                "/topics/orders/messages?record=0:5",
                "/groups/a%2Fb/rebalances",
                "/transactions",
                "/dead-letters/orders.DLT",
                "/trash",
                "/settings"
            })
    void everyAddressIsTheSameDocument(String address) throws IOException, BadRequest {
        Page.Response response = get(address);

        assertEquals("text/html; charset=utf-8", response.contentType());
        assertEquals(text(get("/")), text(response));
    }

    @Test
    void unknownAddressIsAPageForPeopleAndAProblemForPrograms() throws IOException, BadRequest {
        Router.Match match = router.find(URI.create("/topicz")).orElseThrow();
        Page page = Objects.requireNonNull(match.page("GET"));

        Request.Headers people = new Request.Headers("text/html,*/*;q=0.8", "");
        Page.Response response = page.answer(new Request(match.path(), match.query(), people, new byte[0]));
        BadRequest refusal = assertThrows(BadRequest.class, () -> get("/topicz"));

        assertEquals(404, response.status());
        assertEquals(text(get("/")), text(response));
        assertEquals(404, refusal.status());
    }

    @Test
    void documentMayRunNothingButItsOwnFiles() throws IOException, BadRequest {
        Page.Response response = get("/");
        String policy = String.valueOf(response.headers().get("Content-Security-Policy"));

        assertTrue(policy.startsWith("default-src 'none';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertFalse(policy.contains("http"), policy);
        assertFalse(text(response).contains("style="), "the policy refuses styles in the document");
    }

    @Test
    void filesOfThisVersionAreKeptForEver() throws IOException, BadRequest {
        List<String> addresses = addressesIn(text(get("/")));

        assertTrue(addresses.size() > 5, addresses.toString());
        for (String address : addresses) {
            assertEquals(
                    "public, max-age=31536000, immutable",
                    get(address).headers().get("Cache-Control"),
                    address);
        }
    }

    @Test
    void filesOfAnotherVersionAreNotThere() {
        BadRequest refusal = assertThrows(BadRequest.class, () -> get("/assets/000000000000/app.js"));

        assertEquals(404, refusal.status());
    }

    @Test
    void everyFileOfTheFolderIsServed() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            TreeSet<String> there = new TreeSet<>(
                    files.map(file -> String.valueOf(file.getFileName())).toList());
            there.remove("index.html");

            assertEquals(there, new TreeSet<>(Frontend.FILES));
        }
    }

    @Test
    void firstPageIsSmall() throws IOException, BadRequest {
        List<String> addresses = new ArrayList<>(addressesIn(text(get("/"))));
        addresses.add("/");
        int size = 0;
        for (String address : addresses) {
            size += compressed(get(address)).length;
        }

        assertTrue(size < FIRST_PAGE_BYTES_MAX, "the first page has " + size + " bytes");
    }

    @Test
    void noFileReadsTextAsHtmlOrAsksElsewhere() throws IOException {
        for (String name : Frontend.FILES) {
            String text = Files.readString(FOLDER.resolve(name)).replace("http://www.w3.org/2000/svg", "");
            for (String refused : List.of(
                    "innerHTML",
                    "outerHTML",
                    "insertAdjacentHTML",
                    "document.write",
                    "eval(",
                    "http:",
                    "https:",
                    "setAttribute('style'")) {
                assertFalse(text.contains(refused), name + " has " + refused);
            }
        }
    }

    private Page.Response get(String address) throws IOException, BadRequest {
        Router.Match match = router.find(URI.create(address)).orElseThrow();
        Page page = Objects.requireNonNull(match.page("GET"));
        return page.answer(new Request(match.path(), match.query(), Request.Headers.NONE, new byte[0]));
    }

    private static List<String> addressesIn(String document) {
        return Pattern.compile("\"(/assets/[^\"]+)\"")
                .matcher(document)
                .results()
                .map(MatchResult::group)
                .map(quoted -> quoted.substring(1, quoted.length() - 1))
                .distinct()
                .toList();
    }

    private static String text(Page.Response response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        response.body().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static byte[] compressed(Page.Response response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            response.body().writeTo(gzip);
        }
        return out.toByteArray();
    }
}
