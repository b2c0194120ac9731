package io.milena.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    @TempDir
    Path folder = Path.of(".");

    private Path schemas = folder;
    private Path output = folder;

    @BeforeEach
    void writeSchemas() throws IOException {
        schemas = Files.createDirectories(folder.resolve("schemas/common/message"));
        Path own = Files.createDirectories(folder.resolve("own"));
        output = folder.resolve("output");
        Files.writeString(schemas.resolve("GreetingRequest.json"), SchemaParserTest.GREETING);
        write("GreetingResponse", "response", 77, "1-4");
        write("FarewellRequest", "request", 78, "none");
        write("FarewellResponse", "response", 78, "none");
        write("GuestRecord", "metadata", 5, "0");
        write(own, "WhisperRequest", "request", 10000, "0");
        write(own, "WhisperResponse", "response", 10000, "0");
    }

    private void write(String name, String type, int key, String versions) throws IOException {
        write(schemas, name, type, key, versions);
    }

    private static void write(Path folder, String name, String type, int key, String versions) throws IOException {
        Files.writeString(folder.resolve(name + ".json"), """
                { "apiKey": %d, "type": "%s", "name": "%s", "validVersions": "%s", "flexibleVersions": "3+", "fields": [] }
                """.formatted(key, type, name, versions));
    }

    @Test
    void putsMessagesAndRecordsIntoTheirPackages() throws IOException {
        run();
        assertTrue(Files.exists(file("message/GreetingRequest")));
        assertTrue(Files.exists(file("message/GreetingResponse")));
        assertTrue(Files.readString(file("record/GuestRecord")).contains("public static final short TYPE = 5;"));
    }

    @Test
    void leavesOutWhatHasNoVersionLeft() throws IOException {
        run();
        assertFalse(Files.exists(file("message/FarewellRequest")));
        assertFalse(Files.readString(file("ApiKey")).contains("FAREWELL"));
    }

    @Test
    void listsTheApis() throws IOException {
        run();
        String source = Files.readString(file("ApiKey"));
        assertTrue(source.contains("GREETING(77, 1, 4, true, 3, 3),"), source);
        assertTrue(source.contains("WHISPER(10000, 0, 0, false, 3, 3);"), source);
        assertTrue(source.contains("case 77 -> GREETING;"), source);
        assertTrue(source.contains("return GreetingRequest.read(in, version);"), source);
        assertTrue(source.contains("return GreetingResponse.read(in, version);"), source);
    }

    @Test
    void leavesFilesAloneThatStayTheSame() throws IOException {
        run();
        FileTime before = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file("ApiKey"), before);
        run();
        assertEquals(before, Files.getLastModifiedTime(file("ApiKey")));
    }

    private void run() throws IOException {
        Generator.main(new String[] {
            output.toString(),
            folder.resolve("schemas").toString(),
            folder.resolve("own").toString()
        });
    }

    private Path file(String name) {
        return output.resolve("io/milena/protocol/" + name + ".java");
    }
}
