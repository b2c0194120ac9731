package io.milena.log.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.SimulatedFileSystem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A bounded number of open files, whatever is in use. */
class OpenFilesTest {
    private final SimulatedFileSystem disk = SimulatedFileSystem.create();
    private final OpenFiles files = new OpenFiles(2);

    private Path file(int number) {
        return disk.root().resolve(number + ".log");
    }

    private FileChannel use(int number) throws IOException {
        try (OpenFiles.Lease lease = files.create(file(number))) {
            assertTrue(lease.channel().isOpen());
            return lease.channel();
        }
    }

    @Test
    void keepsFilesOpenUpToTheBound() throws IOException {
        FileChannel first = use(1);
        use(2);
        assertSame(first, use(1));
        assertTrue(first.isOpen());
    }

    @Test
    void closesTheOneThatWasUsedLongestAgo() throws IOException {
        // Given
        FileChannel first = use(1);
        FileChannel second = use(2);
        use(1);
        // When
        FileChannel third = use(3);
        // Then
        assertFalse(second.isOpen());
        assertTrue(first.isOpen());
        assertTrue(third.isOpen());
    }

    @Test
    void closesNoneThatIsInUse() throws IOException {
        // Given
        try (OpenFiles.Lease first = files.create(file(1))) {
            FileChannel second = use(2);
            // When
            use(3);
            use(4);
            // Then
            assertTrue(first.channel().isOpen());
            assertFalse(second.isOpen());
        }
    }

    @Test
    void passesTheBoundWhileAllAreInUse() throws IOException {
        // Given
        List<OpenFiles.Lease> leases = new ArrayList<>();
        // When
        for (int i = 0; i < 5; i++) {
            leases.add(files.create(file(i)));
        }
        // Then
        for (OpenFiles.Lease lease : leases) {
            assertTrue(lease.channel().isOpen());
        }
        // When
        leases.forEach(OpenFiles.Lease::close);
        // Then
        long open = leases.stream().filter(lease -> lease.channel().isOpen()).count();
        assertEquals(2, open);
    }

    @Test
    void forgetsAFileWithItsLastLease() throws IOException {
        // Given
        OpenFiles.Lease first = files.create(file(1));
        OpenFiles.Lease second = files.create(file(1));
        assertSame(first.channel(), second.channel());
        // When
        files.forget(file(1));
        // Then
        first.close();
        assertTrue(second.channel().isOpen());
        second.close();
        assertFalse(second.channel().isOpen());
        // When
        FileChannel again = use(1);
        files.forget(file(1));
        files.forget(file(9));
        // Then
        assertFalse(again.isOpen());
    }

    @Test
    void opensAFileAnewThatSomebodyHasClosed() throws IOException {
        use(1).close();
        assertEquals(0, use(1).size());
    }

    @Test
    void doesNotMakeAFileAnewThatIsGone() {
        assertThrows(NoSuchFileException.class, () -> files.lease(file(1)));
        assertFalse(Files.exists(file(1)));
    }
}
