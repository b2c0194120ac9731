package io.milena.cli.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolJarsTest {
    @TempDir
    Path folder = Path.of("");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Path list = Path.of("");
    private Path cache = Path.of("");

    @BeforeEach
    void aRepositoryWithTwoJars() throws Exception {
        list = folder.resolve("jars.txt");
        cache = folder.resolve("cache");
        Files.writeString(list, "# two\n" + publish("org/a/1/a-1.jar", "first") + publish("org/b/2/b-2.jar", "second"));
    }

    private String publish(String path, String content) throws Exception {
        Path file = folder.resolve("repository").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash) + "  " + path + "\n";
    }

    private ToolJars jars() {
        MavenRepository repository =
                new MavenRepository(folder.resolve("repository").toUri().toString());
        return new ToolJars(repository, cache, new PrintStream(printed, true, StandardCharsets.UTF_8), false);
    }

    private List<String> cached() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void allJarsAreFetchedAndThenTheListIsThere() throws IOException {
        jars().fetch(list);
        assertEquals(List.of("a-1.jar", "b-2.jar", "jars.txt"), cached());
        assertEquals("second", Files.readString(cache.resolve("b-2.jar")));
        assertEquals(Files.readString(list), Files.readString(cache.resolve("jars.txt")));
        assertEquals(1, printed.toString(StandardCharsets.UTF_8).lines().count());
    }

    @Test
    void aJarWithAnotherContentIsRefusedAndNothingOfItStays() throws IOException {
        Files.writeString(folder.resolve("repository/org/b/2/b-2.jar"), "forged");
        IOException refused = assertThrows(IOException.class, () -> jars().fetch(list));
        assertTrue(refused.toString().contains("b-2.jar is not the jar that is expected"), refused.toString());
        assertEquals(List.of("a-1.jar"), cached());
    }

    @Test
    void whatIsThereIsNotFetchedAgainAndWhatIsBrokenIs() throws IOException {
        jars().fetch(list);
        Files.delete(folder.resolve("repository/org/a/1/a-1.jar"));
        Files.writeString(cache.resolve("b-2.jar"), "cut sh");
        jars().fetch(list);
        assertEquals("first", Files.readString(cache.resolve("a-1.jar")));
        assertEquals("second", Files.readString(cache.resolve("b-2.jar")));
    }

    @Test
    void aRepositoryOutOfReachIsNamed() throws IOException {
        Files.delete(folder.resolve("repository/org/a/1/a-1.jar"));
        IOException refused = assertThrows(IOException.class, () -> jars().fetch(list));
        assertTrue(refused.toString().contains("MILENA_MAVEN_REPOSITORY"), refused.toString());
        assertFalse(Files.exists(cache.resolve("jars.txt")));
    }

    @Test
    void theMirrorOfCentralInMavensSettingsIsUsed() throws IOException {
        Path settings = folder.resolve("settings.xml");
        assertEquals(
                MavenRepository.CENTRAL, MavenRepository.chosen(null, settings).address());
        assertEquals("http://here/maven", mirror(settings, "*", "http://here/maven/"));
        assertEquals("http://here/maven", mirror(settings, "other, central", "http://here/maven"));
        assertEquals(MavenRepository.CENTRAL, mirror(settings, "*,!central", "http://here/maven"));
        assertEquals(MavenRepository.CENTRAL, mirror(settings, "other", "http://here/maven"));
        assertEquals(
                "https://named/m2",
                MavenRepository.chosen("https://named/m2/", settings).address());
    }

    private static String mirror(Path settings, String of, String url) throws IOException {
        Files.writeString(
                settings,
                "<settings xmlns=\"http://maven.apache.org/SETTINGS/1.2.0\"><mirrors><mirror><id>m</id><mirrorOf>" + of
                        + "</mirrorOf><url>" + url + "</url></mirror></mirrors></settings>");
        return MavenRepository.chosen(null, settings).address();
    }
}
