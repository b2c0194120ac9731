package io.milena.quorum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where a member of a quorum keeps what it knows: the directory {@code quorum} in that of the local log, with one directory for the cluster, whose contents are Ratis' own but for the snapshots.
 *
 * <pre>
 * __cluster_metadata-0/quorum/CLUSTER/current/      the log in segments, term and vote (raft-meta), members (raft-meta.conf)
 * __cluster_metadata-0/quorum/CLUSTER/sm/           snapshots, see RatisSnapshots
 * </pre>
 *
 * <p>CLUSTER is the cluster id as a UUID.
 */
final class QuorumFolder {
    private static final int UUID_BYTES = 16;

    private final Path data;
    private final LogFolder local;
    private final UUID group;

    private QuorumFolder(Path data, LogFolder local, UUID group) {
        this.data = data;
        this.local = local;
        this.group = group;
    }

    static QuorumFolder of(Path data, String clusterId) throws IOException {
        Path folder = data.toAbsolutePath().resolve(LocalMetadataLog.DIRECTORY);
        if (folder.toString().contains(",")) {
            throw new IOException("the path of a member's data must have no comma: " + folder);
        }
        return new QuorumFolder(data, new LogFolder(folder), group(clusterId));
    }

    /** The bytes of a cluster id as Kafka makes them; of any other text, a hash. */
    static UUID group(String clusterId) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(clusterId);
            if (bytes.length == UUID_BYTES) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                return new UUID(buffer.getLong(), buffer.getLong());
            }
        } catch (IllegalArgumentException e) {
            // not one of those
        }
        return UUID.nameUUIDFromBytes(clusterId.getBytes(StandardCharsets.UTF_8));
    }

    LogFolder local() {
        return local;
    }

    UUID group() {
        return group;
    }

    Path root() {
        return local.quorum();
    }

    Path snapshots() {
        return snapshots(root());
    }

    Path snapshots(Path root) {
        return root.resolve(group.toString()).resolve("sm");
    }

    Path termAndVote(Path root) {
        return root.resolve(group.toString()).resolve("current").resolve("raft-meta");
    }

    /** Makes the directory if need be. */
    void prepare() throws IOException {
        if (Files.exists(root())) {
            checkCluster();
            deleteLocalLog();
        } else {
            checkNoLocalLog();
            Files.createDirectories(root());
        }
        ForcedFile.forceDirectory(local.path());
        ForcedFile.forceDirectory(data);
    }

    private void checkCluster() throws IOException {
        try (Stream<Path> members = Files.list(root())) {
            List<String> others = members.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(group.toString()))
                    .toList();
            if (!others.isEmpty()) {
                throw new IOException(root() + " belongs to another cluster: it holds " + others.getFirst()
                        + ", and the id of this cluster says " + group);
            }
        }
    }

    private void checkNoLocalLog() throws IOException {
        if (!local.isEmpty()) {
            throw new IOException(local.path()
                    + " is the log of a single node: it has to be migrated before the node can be a member of"
                    + " a quorum");
        }
    }

    /** What a migration has replaced. */
    private void deleteLocalLog() throws IOException {
        for (Path file :
                Stream.concat(local.logs().stream(), local.snapshots().stream()).toList()) {
            Files.delete(file);
        }
    }
}
