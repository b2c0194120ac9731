package io.milena.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What a simulated disk holds as programs see it, looked at from outside of its world: nothing fails, waits, or lets a thread go first. For who judges a simulation while it runs, on the
 * thread that drives it.
 */
public final class DiskView {
    private DiskView() {}

    /** The names in a directory, in their order; none if there is no such directory. */
    public static List<String> names(Path directory) {
        SimulatedPath path = SimulatedPath.of(directory);
        SimulatedFileSystem disk = path.getFileSystem();
        disk.lock().lock();
        try {
            return disk.names.list(path).stream()
                    .map(Path::getFileName)
                    .map(String::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        } finally {
            disk.lock().unlock();
        }
    }

    /** What a file holds from a position on; nothing if there is no such file. */
    public static ByteBuffer bytes(Path file, long position) {
        SimulatedPath path = SimulatedPath.of(file);
        SimulatedFileSystem disk = path.getFileSystem();
        disk.lock().lock();
        try {
            DiskFile found = disk.names.file(path);
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.max(0, found.cached.size() - position)));
            found.read(position, bytes);
            return bytes.flip();
        } catch (IOException e) {
            return ByteBuffer.allocate(0);
        } finally {
            disk.lock().unlock();
        }
    }
}
