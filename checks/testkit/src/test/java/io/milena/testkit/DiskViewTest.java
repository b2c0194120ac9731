package io.milena.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskViewTest {
    @Test
    void itShowsWhatProgramsSeeAlsoWhereTheyCannotRead() throws IOException {
        SimulatedFileSystem disk = SimulatedFileSystem.create();
        Path folder = Files.createDirectory(disk.root().resolve("folder"));
        Files.writeString(folder.resolve("b"), "hello");
        Files.createFile(folder.resolve("a"));
        disk.faults((operation, path) -> {
            throw DiskFaults.inputOutputError(path);
        });

        assertEquals(List.of("a", "b"), DiskView.names(folder));
        assertEquals(
                "hello", UTF_8.decode(DiskView.bytes(folder.resolve("b"), 0)).toString());
        assertEquals("lo", UTF_8.decode(DiskView.bytes(folder.resolve("b"), 3)).toString());
    }

    @Test
    void whatIsNotThereIsEmpty() {
        Path root = SimulatedFileSystem.create().root();
        assertEquals(List.of(), DiskView.names(root.resolve("none")));
        assertFalse(DiskView.bytes(root.resolve("none"), 0).hasRemaining());
        assertFalse(DiskView.bytes(root.resolve("none"), 7).hasRemaining());
    }
}
