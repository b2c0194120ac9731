package io.milena.quorum;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the log of a single node the log of a quorum whose first voter is that node. All its records become one snapshot, offsets and epoch go on.
 *
 * <p>Everything is written beside and forced; the rename of {@code quorum.part} to {@code quorum} is the moment. Before it the node is the single one that it was, after it a
 * member, and the old files go with its first start.
 */
final class Migration {
    private final Path data;
    private final QuorumFolder folder;
    private final Clock clock;

    Migration(Path data, QuorumFolder folder, Clock clock) {
        this.data = data;
        this.folder = folder;
        this.clock = clock;
    }

    void run() throws IOException {
        LogFolder local = folder.local();
        if (Files.exists(local.quorum())) {
            return; // a crash came after the rename
        }
        if (local.isEmpty()) {
            return; // there was no single node
        }
        List<ByteBuffer> records = new ArrayList<>();
        long endOffset;
        int epoch;
        try (LocalMetadataLog log = LocalMetadataLog.open(data, clock, records::add)) {
            endOffset = log.endOffset();
            epoch = log.epoch();
        }
        Path part = local.unfinishedQuorum();
        deleteAll(part);
        writeTermAndVote(part, epoch);
        // As if each record had been an entry: any index will do, for there is no entry before it.
        write(part, new RatisSnapshots.Name(endOffset, epoch, endOffset), records);
        forceAll(part);
        ForcedFile.forceDirectory(local.path());
        Files.move(part, local.quorum(), StandardCopyOption.ATOMIC_MOVE);
        ForcedFile.forceDirectory(local.path());
    }

    private void writeTermAndVote(Path part, int epoch) throws IOException {
        Path file = folder.termAndVote(part);
        Files.createDirectories(file.getParent());
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer text = StandardCharsets.UTF_8.encode("term=" + epoch + "\nvotedFor=\n");
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
        }
    }

    private void write(Path part, RatisSnapshots.Name name, List<ByteBuffer> records) throws IOException {
        Path snapshots = folder.snapshots(part);
        Files.createDirectories(snapshots);
        Path file = snapshots.resolve(name.fileName());
        Snapshot.prepare(file, name.epoch(), clock.millis(), records);
        Snapshot.publish(file);
    }

    private static void forceAll(Path directory) throws IOException {
        for (Path path : tree(directory)) {
            if (Files.isDirectory(path)) {
                ForcedFile.forceDirectory(path);
            }
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        if (Files.exists(directory)) {
            for (Path path : tree(directory).reversed()) {
                Files.delete(path);
            }
        }
    }

    /** A directory before what is in it. */
    private static List<Path> tree(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
