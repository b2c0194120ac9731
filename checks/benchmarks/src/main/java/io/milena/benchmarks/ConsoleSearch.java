package io.milena.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Asks a console for the records that hold a text, and reads its answer to the end. */
final class ConsoleSearch {
    private ConsoleSearch() {}

    /** How many there are. */
    static long hits(String console, String topic, String wanted) throws IOException, InterruptedException {
        String query = "value=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8);
        URI uri = URI.create(console + "/api/v1/topics/" + topic + "/search?" + query);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Stream<String>> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                return lines.filter(line -> line.equals("event: record")).count();
            }
        }
    }
}
