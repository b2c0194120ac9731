package io.milena.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Small files that are replaced as a whole: written beside, forced, renamed. */
public final class Checkpoint {
    private Checkpoint() {}

    public static void replace(Path file, String text) throws IOException {
        replace(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** So that a power cut does not bring back the old one. */
    public static void replaceDurably(Path file, String text) throws IOException {
        replace(file, text);
        forceDirectory(file.resolveSibling(""));
    }

    public static void replace(Path file, ByteBuffer bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            write(temporary, bytes);
            force(temporary);
        } catch (IOException e) {
            giveUp(temporary, e);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Half a file is of no use, and takes space that may be short. */
    private static void giveUp(Path temporary, IOException cause) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Writes a whole file, without forcing it. */
    public static void write(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Makes what was written to a file survive a power cut. */
    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(false);
        }
    }

    /** Makes a directory, with those that it is in, so that they survive a power cut. */
    public static void createDirectories(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.exists(directory)) {
            createDirectories(parent);
            Files.createDirectories(directory);
            forceDirectory(parent);
        }
    }

    /** Makes creations, renames and deletions in a directory survive a power cut. */
    public static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Offsets by "topic partition", as Kafka's offset checkpoints have them: "0", the count, "topic partition offset" lines. */
    public static Map<String, Long> readOffsets(Path file) throws IOException {
        Map<String, Long> offsets = new HashMap<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream().skip(2).forEach(line -> {
                int space = line.lastIndexOf(' ');
                offsets.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
            });
        }
        return offsets;
    }

    public static void writeOffsets(Path file, Map<String, Long> offsets) throws IOException {
        StringBuilder text = new StringBuilder("0\n").append(offsets.size()).append('\n');
        offsets.forEach(
                (name, offset) -> text.append(name).append(' ').append(offset).append('\n'));
        replace(file, text.toString());
    }
}
