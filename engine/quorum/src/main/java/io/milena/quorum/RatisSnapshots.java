package io.milena.quorum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a member, files in the format of {@link Snapshot}. Ratis sends them to members that are too far behind, and puts the whole directory in the place of theirs.
 *
 * <p>Used by Ratis' threads; what is published is seen by all.
 */
final class RatisSnapshots implements StateMachineStorage {
    private static final String SUFFIX = ".checkpoint";
    /** The last one but one may be on its way to a member. */
    private static final int KEPT = 2;

    private final Path directory;
    private volatile @Nullable SingleFileSnapshotInfo latest;

    RatisSnapshots(Path directory) {
        this.directory = directory;
    }

    /**
     * The name of a snapshot: {@code OFFSET-EPOCH-INDEX.checkpoint}, 20, 10 and 20 digits, so that the newest is the last.
     *
     * @param endOffset the offset behind it
     * @param epoch of the last append that it stands for
     * @param index of that append in the log of the consensus
     */
    record Name(long endOffset, int epoch, long index) {
        String fileName() {
            return digits(endOffset, 20) + "-" + digits(epoch, 10) + "-" + digits(index, 20) + SUFFIX;
        }

        static Name of(Path file) {
            String[] parts = file.getFileName().toString().replace(SUFFIX, "").split("-");
            return new Name(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }

        private static String digits(long number, int count) {
            String digits = Long.toString(number);
            return "0".repeat(count - digits.length()) + digits;
        }

        TermIndex termIndex() {
            return TermIndex.valueOf(epoch, index);
        }
    }

    Path file(Name name) {
        return directory.resolve(name.fileName());
    }

    /** Looks at the directory anew, and makes sure that what came from the leader survives a power cut. */
    @Nullable
    Name load() throws IOException {
        Files.createDirectories(directory);
        List<Path> files = files();
        latest = null;
        if (files.isEmpty()) {
            return null;
        }
        ForcedFile.force(files.getFirst());
        forceName();
        return found(files.getFirst());
    }

    private Name found(Path file) {
        Name name = Name.of(file);
        latest = new SingleFileSnapshotInfo(new FileInfo(file, null), name.termIndex());
        return name;
    }

    List<ByteBuffer> read(Name name) throws IOException {
        return Snapshot.read(file(name));
    }

    /** Gives a prepared file its name, durably. */
    void publish(Name name) throws IOException {
        try {
            Snapshot.publish(file(name));
        } catch (NoSuchFileException e) {
            throw new IOException("a newer snapshot has come from the leader", e);
        }
        forceName();
        found(file(name));
    }

    private void forceName() throws IOException {
        ForcedFile.forceDirectory(directory);
        ForcedFile.forceDirectory(directory.resolve("..").normalize());
    }

    /** The newest first. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(Path::getFileName).reversed())
                    .toList();
        }
    }

    @Override
    public void init(RaftStorage storage) {}

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return latest;
    }

    @Override
    public void format() {}

    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
        for (Path old : files().stream().skip(KEPT).toList()) {
            Files.deleteIfExists(old);
        }
    }
}
