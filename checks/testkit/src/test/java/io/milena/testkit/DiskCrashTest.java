package io.milena.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a power loss, a kill and a failing disk may do, and what they may not. */
class DiskCrashTest {
    private static final int SEEDS = 300;

    private final SimulatedFileSystem disk = SimulatedFileSystem.create();
    private final Path file = disk.root().resolve("file");

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }

    /** A file with {@code forced} safe ones, in a safe directory, and {@code unforced} twos that are not. */
    private void writePartlyForced(int forced, int unforced) throws IOException {
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
            channel.write(ByteBuffer.wrap(filled(forced, 1)));
            channel.force(false);
            forceDirectory(disk.root());
            channel.write(ByteBuffer.wrap(filled(unforced, 2)));
        }
    }

    private static byte[] afterCrash(SimulatedFileSystem original, Path path, long seed) throws IOException {
        SimulatedFileSystem copy = original.copy();
        copy.crash(new Random(seed));
        return Files.readAllBytes(copy.getPath(path.toString()));
    }

    @Test
    void forcedBytesSurviveEveryCrash() throws IOException {
        writePartlyForced(1000, 3000);
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] bytes = afterCrash(disk, file, seed);
            assertTrue(bytes.length >= 1000, "seed " + seed);
            assertArrayEquals(filled(1000, 1), Arrays.copyOf(bytes, 1000), "seed " + seed);
        }
    }

    @Test
    void unforcedBytesAreLostKeptTornReorderedOrZero() throws IOException {
        writePartlyForced(1024, 4096);
        Set<String> fates = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            fates.add(fate(afterCrash(disk, file, seed)));
        }
        assertEquals(Set.of("lost", "kept", "torn", "zeros", "hole"), fates);
    }

    @Test
    void aPowerLossTellsWhetherAnythingIsLost() throws IOException {
        writePartlyForced(1024, 4096);
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedFileSystem copy = disk.copy();
            boolean isLost = copy.crash(new Random(seed));
            byte[] left = Files.readAllBytes(copy.getPath(file.toString()));
            assertEquals(!fate(left).equals("kept"), isLost, "seed " + seed);
        }
    }

    private static String fate(byte[] bytes) {
        int twos = 0;
        boolean isHole = false;
        for (int i = 1024; i < bytes.length; i++) {
            isHole |= bytes[i] == 2 && bytes[i - 1] == 0;
            twos += bytes[i] == 2 ? 1 : 0;
        }
        assertEquals(0, twos % FileSurvivors.SECTOR_BYTES, "sectors are written whole");
        if (bytes.length == 1024) {
            return "lost";
        }
        if (twos == 0) {
            return "zeros";
        }
        return isHole ? "hole" : twos == 4096 ? "kept" : "torn";
    }

    @Test
    void aForceAfterManyChangesMakesExactlyTheirResultSafe() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedFileSystem fresh = SimulatedFileSystem.create();
            Path path = fresh.root().resolve("file");
            try (FileChannel channel = FileChannel.open(path, CREATE, WRITE)) {
                for (int i = 0; i < 20; i++) {
                    channel.write(ByteBuffer.wrap(Arbitrary.bytes(random, 2000)), random.nextInt(10_000));
                    channel.truncate(random.nextInt(12_000));
                }
                channel.force(true);
            }
            forceDirectory(fresh.root());
            byte[] before = Files.readAllBytes(path);
            fresh.crash(random);
            assertArrayEquals(before, Files.readAllBytes(path), "seed " + seed);
        }
    }

    @Test
    void aNewNameIsSafeOnlyWhenItsDirectoryIsForced() throws IOException {
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
            channel.write(ByteBuffer.wrap(filled(10, 1)));
            channel.force(true);
        }
        Set<Boolean> survivals = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedFileSystem copy = disk.copy();
            copy.crash(new Random(seed));
            survivals.add(Files.exists(copy.getPath("/file")));
        }
        assertEquals(Set.of(true, false), survivals);

        forceDirectory(disk.root());
        disk.crashKeepingOnlyForced();
        assertTrue(Files.exists(file));
    }

    @Test
    void aRenameIsNeverHalfDone() throws IOException {
        Path target = Files.createDirectory(disk.root().resolve("folder")).resolve("target");
        Files.write(file, filled(10, 1));
        try (FileChannel channel = FileChannel.open(file, WRITE)) {
            channel.force(true);
        }
        forceDirectory(disk.root());
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        Set<String> outcomes = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedFileSystem copy = disk.copy();
            copy.crash(new Random(seed));
            boolean isOld = Files.exists(copy.getPath("/file"));
            boolean isNew = Files.exists(copy.getPath("/folder/target"));
            outcomes.add(isOld + " " + isNew);
        }
        assertEquals(Set.of("true false", "false true"), outcomes);
    }

    @Test
    void aRenameMaySurviveWithoutTheBytes() throws IOException {
        Files.write(file, filled(10, 1));
        Files.move(file, disk.root().resolve("target"), StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(disk.root());
        disk.crashKeepingOnlyForced();
        assertEquals(0, Files.size(disk.root().resolve("target")));
    }

    @Test
    void aDeletedFileMayComeBackUntilItsDirectoryIsForced() throws IOException {
        writePartlyForced(10, 0);
        Files.delete(file);
        SimulatedFileSystem copy = disk.copy();
        copy.crashKeepingOnlyForced();
        assertArrayEquals(filled(10, 1), Files.readAllBytes(copy.getPath("/file")));

        forceDirectory(disk.root());
        disk.crashKeepingOnlyForced();
        assertFalse(Files.exists(file));
    }

    @Test
    void aKillKeepsThePageCacheAndDropsChannelsAndLocks() throws IOException {
        writePartlyForced(10, 10);
        FileChannel channel = FileChannel.open(file, WRITE);
        assertNotNull(channel.tryLock());
        assertThrows(
                OverlappingFileLockException.class,
                () -> FileChannel.open(file, WRITE).tryLock());
        disk.processKill();
        assertThrows(ClosedChannelException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertEquals(20, Files.size(file));
        try (FileChannel next = FileChannel.open(file, WRITE)) {
            assertNotNull(next.tryLock());
        }
    }

    @Test
    void aFailedForceLosesThePagesAlthoughTheNextOneSucceeds() throws IOException {
        writePartlyForced(10, 10);
        disk.faults(DiskFaults.failing(DiskOperation.FORCE, file::equals, 0, 1));
        try (FileChannel channel = FileChannel.open(file, WRITE)) {
            assertThrows(IOException.class, () -> channel.force(false));
            channel.force(false);
        }
        assertEquals(20, Files.size(file));
        disk.crashKeepingOnlyForced();
        assertEquals(10, Files.size(file));
    }

    @Test
    void readAndWriteErrorsCanBeScripted() throws IOException {
        writePartlyForced(10, 0);
        disk.faults(DiskFaults.failing(DiskOperation.READ, file::equals, 0, 1)
                .and(DiskFaults.failing(DiskOperation.WRITE, file::equals, 1, 1)));
        assertThrows(IOException.class, () -> Files.readAllBytes(file));
        assertEquals(10, Files.readAllBytes(file).length);
        Files.write(file, filled(5, 3));
        assertThrows(IOException.class, () -> Files.write(file, filled(5, 4)));
    }

    @Test
    void aFullDiskWritesWhatFitsThenFailsUntilSpaceIsFreed() throws IOException {
        disk.capacityBytes(3 * 4096);
        Path other = disk.root().resolve("other");
        Files.write(other, filled(4096, 1));
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
            assertEquals(8192, channel.write(ByteBuffer.wrap(filled(10_000, 2))));
            IOException full = assertThrows(IOException.class, () -> channel.write(ByteBuffer.wrap(filled(1, 2))));
            assertEquals("No space left on device", full.getMessage());
            assertEquals(0, Files.getFileStore(file).getUsableSpace());
            Files.delete(other);
            assertEquals(4096, Files.getFileStore(file).getUsableSpace());
            assertEquals(1, channel.write(ByteBuffer.wrap(filled(1, 2))));
        }
    }

    @Test
    void nothingIsCreatedOnAFullDisk() throws IOException {
        Path folder = disk.root().resolve("folder");
        writePartlyForced(10, 0);
        disk.capacityBytes(4096);
        assertEquals(
                folder + ": No space left on device",
                assertThrows(IOException.class, () -> Files.createDirectory(folder))
                        .getMessage());
        assertThrows(IOException.class, () -> Files.write(folder, new byte[0]));
        Files.write(file, filled(20, 3)); // it has its block
        disk.capacityBytes(8192);
        Files.createDirectory(folder);
        assertTrue(Files.exists(folder));
    }

    @Test
    void aProcessMayHaveOnlySoManyFilesOpen() throws IOException {
        writePartlyForced(10, 0);
        disk.openFilesMax(1);
        FileChannel first = FileChannel.open(file, READ);
        IOException refused = assertThrows(IOException.class, () -> FileChannel.open(file, READ));
        assertEquals(file + ": Too many open files", refused.getMessage());
        first.close();
        FileChannel.open(file, READ).close();
    }

    @Test
    void aSlowDiskTakesTheClocksTime() {
        SimulatedEnvironment world = new SimulatedEnvironment(3);
        SimulatedFileSystem slow = world.test().disk();
        slow.faults(new SeededDiskFaults(world.random(), world.clock()).latency(DiskOperation.FORCE, 1_000_000_000L));
        world.run(() -> {
            long startNanos = world.clock().nanos();
            for (int i = 0; i < 10; i++) {
                forceDirectory(slow.root());
            }
            assertTrue(world.clock().nanos() - startNanos > 1_000_000_000L);
        });
    }

    @Test
    void rotFlipsOneBitThatStaysFlipped() throws IOException {
        writePartlyForced(5000, 0);
        disk.rot(file, new Random(5));
        byte[] bytes = Files.readAllBytes(file);
        int flipped = 0;
        for (byte b : bytes) {
            flipped += Integer.bitCount((b ^ 1) & 0xff);
        }
        assertEquals(1, flipped);
        disk.crashKeepingOnlyForced();
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @Test
    void aCopyIsIndependent() throws IOException {
        writePartlyForced(10, 10);
        SimulatedFileSystem copy = disk.copy();
        Files.delete(file);
        assertEquals(20, Files.size(copy.getPath("/file")));
        copy.crashKeepingOnlyForced();
        assertEquals(10, Files.size(copy.getPath("/file")));
        assertFalse(Files.exists(file));
    }

    @Test
    void anInterruptedThreadFindsItsChannelClosed() throws IOException {
        writePartlyForced(10, 0);
        FileChannel channel = FileChannel.open(file, READ);
        Thread.currentThread().interrupt();
        assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertTrue(Thread.interrupted());
        assertFalse(channel.isOpen());
    }
}
