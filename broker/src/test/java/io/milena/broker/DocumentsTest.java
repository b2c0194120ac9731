package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.metrics.BrokerMetrics;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.Throttles;
import io.milena.metadata.TopicSettingCatalog;
import io.milena.protocol.ApiKey;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents say what the broker says. {@code -Dmilena.write.docs=true} writes the tables anew. */
class DocumentsTest {
    private static final Path DOCS = Path.of("..", "docs");

    @TempDir
    Path folder = Path.of("");

    @Test
    void everySettingIsDocumented() throws IOException {
        assertDocument(
                "settings.md",
                "settings",
                "## Topic settings\n\n" + settings(TopicSettingCatalog.CATALOG.definitions())
                        + "\n## Broker settings\n\n"
                        + settings(BrokerSettings.catalog().definitions())
                        + "\n## Broker settings that are changed while it runs\n\n"
                        + settings(Throttles.CATALOG.definitions()));
    }

    @Test
    void everyMetricIsDocumented() throws IOException {
        String rows = BrokerMetrics.catalog().stream()
                .map(metric -> "| `" + metric.name() + "` | "
                        + metric.kind().name().toLowerCase(Locale.ROOT) + " | " + String.join(", ", metric.labels())
                        + " | " + metric.help() + " |\n")
                .collect(Collectors.joining());
        assertDocument(
                "metrics.md", "metrics", "| name | kind | labels | what it is |\n| --- | --- | --- | --- |\n" + rows);
    }

    @Test
    void everyServedApiIsDocumented() throws IOException {
        assertDocument("compatibility.md", "apis", apis());
    }

    private static String settings(Collection<SettingDefinition> definitions) {
        String rows = definitions.stream()
                .map(setting -> "| `" + setting.name() + "` | "
                        + (setting.defaultValue() == null ? "" : "`" + setting.defaultValue() + "`") + " | "
                        + setting.allowed() + " | " + setting.documentation() + " |\n")
                .sorted()
                .collect(Collectors.joining());
        return "| name | default | allowed | what it does |\n| --- | --- | --- | --- |\n" + rows;
    }

    private String apis() throws IOException {
        ApiVersionsRequest request = ApiVersionsRequest.builder()
                .clientSoftwareName("documents")
                .clientSoftwareVersion("1")
                .build();
        try (RunningBroker broker = RunningBroker.start(folder)) {
            return "| API | versions |\n| --- | --- |\n"
                    + broker.ask(request, 4, ApiVersionsResponse.class).apiKeys().stream()
                            .map(api -> "| " + ApiKey.of(api.apiKey()) + " | " + api.minVersion() + " to "
                                    + api.maxVersion() + " |\n")
                            .sorted()
                            .collect(Collectors.joining());
        }
    }

    /** Compares what stands between the marks {@code <!-- name -->} and {@code <!-- /name -->}. */
    private static void assertDocument(String file, String mark, String expected) throws IOException {
        Path path = DOCS.resolve(file);
        String text = Files.readString(path);
        String begin = "<!-- " + mark + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- /" + mark + " -->");
        assertTrue(from >= 0 && to > from, "no marks for " + mark + " in " + file);
        if (Boolean.getBoolean("milena.write.docs")) {
            Files.writeString(path, text.substring(0, from) + begin + expected + text.substring(to));
        } else {
            assertEquals(expected, text.substring(from + begin.length(), to), file + " is out of date");
        }
    }
}
