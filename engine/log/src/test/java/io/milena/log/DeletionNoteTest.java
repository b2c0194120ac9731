package io.milena.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The file that says what a deleted topic was. */
class DeletionNoteTest {
    private static final UUID ID = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);

    private final Path data = SimulatedFileSystem.create().root();

    private static DeletionNote note(Map<String, String> settings) {
        return new DeletionNote(
                new DeletedTopic("orders", ID, 3, 2, 1_767_225_600_000L, settings),
                Map.of(0, new DeletionNote.Offsets(100, 2000)));
    }

    @Test
    void isAsThePackageDescribesIt() throws IOException {
        note(Map.of("retention.ms", "60000")).write(data);
        assertEquals("""
                deleted.at.ms=1767225600000
                leader.epoch=2
                log.0=100 2000
                partitions=3
                setting.retention.ms=60000
                topic=orders
                topic.id=ASNFZ4mrze_-3LqYdlQyEA
                version=1
                """, Files.readString(data.resolve("milena-deleted-0123456789abcdeffedcba9876543210.properties")));
    }

    @Test
    void anyTextSurvives() throws IOException {
        DeletionNote note = note(Map.of("a", "", "b", " two\nlines = # ! : \\ ", "c.\u00fc", "\u4e2d\ud83d\ude80"));
        note.write(data);
        assertEquals(note, DeletionNote.read(DeletionNote.file(data, ID)));
    }

    private static DeletionNote replicated() {
        return new DeletionNote(
                new DeletedTopic(
                        "orders",
                        ID,
                        2,
                        2,
                        1_767_225_600_000L,
                        Map.of(),
                        List.of(),
                        List.of(
                                new DeletedTopic.Replicas(List.of(3, 1, 2), List.of(1, 3)),
                                new DeletedTopic.Replicas(List.of(2), List.of()))),
                Map.of());
    }

    @Test
    void saysWhichBrokersHadATopic() throws IOException {
        replicated().write(data);
        Path file = DeletionNote.file(data, ID);
        assertTrue(Files.readString(file).contains("replicas.0=3 1 2/1 3\nreplicas.1=2/\n"));
        assertEquals(replicated(), DeletionNote.read(file));
    }

    @Test
    void partitionsWhoseBrokersAreNotSaidAreNoticed() throws IOException {
        replicated().write(data);
        Path file = DeletionNote.file(data, ID);
        String whole = Files.readString(file);
        Files.writeString(file, whole.replace("replicas.1", "replicas.2"));
        assertThrows(IOException.class, () -> DeletionNote.read(file));
        Files.writeString(file, whole.replace("replicas.0=3 1 2/1 3\n", ""));
        assertThrows(IOException.class, () -> DeletionNote.read(file));
    }

    @Test
    void aLineThatIsMissingIsNoticed() throws IOException {
        note(Map.of()).write(data);
        Path file = DeletionNote.file(data, ID);
        String whole = Files.readString(file);
        for (String line : whole.lines().toList()) {
            if (!line.startsWith("log.")) {
                Files.writeString(
                        file, whole.lines().filter(each -> !each.equals(line)).collect(Collectors.joining("\n")));
                assertThrows(IOException.class, () -> DeletionNote.read(file), line);
            }
        }
    }

    @Test
    void theNoteOfAnotherTopicIsNoticed() throws IOException {
        note(Map.of()).write(data);
        UUID other = new UUID(1, 2);
        Files.move(DeletionNote.file(data, ID), DeletionNote.file(data, other));
        assertThrows(IOException.class, () -> DeletionNote.read(DeletionNote.file(data, other)));
    }

    @Test
    void isKnownByItsName() {
        assertEquals(ID, DeletionNote.topicId(DeletionNote.file(data, ID)));
        assertNull(DeletionNote.topicId(data.resolve("milena-deleted-1.properties")));
        assertNull(
                DeletionNote.topicId(data.resolve("milena-deleted-0123456789abcdeffedcba9876543210.properties.tmp")));
        assertNull(DeletionNote.topicId(data.resolve("meta.properties")));
    }
}
