package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.metadata.SettingDefinition;
import io.milena.metadata.TopicSettingCatalog;
import io.milena.protocol.ApiKey;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
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
                        + settings(BrokerSettings.catalog().definitions()));
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
        BrokerSettings settings =
                BrokerSettings.of(Map.of("listeners", "PLAINTEXT://localhost:0", "log.dirs", folder.toString()));
        try (Broker broker = Broker.start(settings);
                Socket socket = new Socket(
                        broker.address().getHostString(), broker.address().getPort())) {
            return "| API | versions |\n| --- | --- |\n"
                    + versions(socket).apiKeys().stream()
                            .map(api -> "| " + ApiKey.of(api.apiKey()) + " | " + api.minVersion() + " to "
                                    + api.maxVersion() + " |\n")
                            .sorted()
                            .collect(Collectors.joining());
        }
    }

    private static ApiVersionsResponse versions(Socket socket) throws IOException {
        short version = 4;
        ApiVersionsRequest request = ApiVersionsRequest.builder()
                .clientSoftwareName("documents")
                .clientSoftwareVersion("1")
                .build();
        for (Payload part : RequestFrame.encode(1, "documents", version, request)) {
            ByteBuffer bytes = ((Payload.InMemory) part).bytes();
            socket.getOutputStream().write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = in.readNBytes(in.readInt());
        return (ApiVersionsResponse) ResponseFrame.decode(ByteBuffer.wrap(frame), ApiKey.API_VERSIONS, version, 1);
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
