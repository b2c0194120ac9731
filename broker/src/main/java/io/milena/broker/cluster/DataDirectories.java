package io.milena.broker.cluster;

import io.milena.log.DirectoryLayout;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.protocol.Uuids;
import io.milena.quorum.LocalMetadataLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whose the data directories are: each must be new, or belong to this node and to the cluster of the directory with the metadata. Looked at before anything in them is touched.
 */
public final class DataDirectories {
    private final Map<Path, MetaProperties> known = new LinkedHashMap<>();
    private final Map<Path, MetaProperties> fresh = new LinkedHashMap<>();
    private final Map<Path, IOException> broken = new LinkedHashMap<>();
    private final DataPaths paths;
    private final int nodeId;

    private DataDirectories(DataPaths paths, int nodeId) {
        this.paths = paths;
        this.nodeId = nodeId;
    }

    /**
     * Reads what the directories say of themselves.
     *
     * @param clusterId which they must belong to, if it is known
     * @throws IOException if one belongs to somebody else, and if that of the metadata cannot be used or is not the one that it was
     */
    public static DataDirectories examine(
            DataPaths paths, int nodeId, @Nullable String clusterId, RandomGenerator random) throws IOException {
        DataDirectories directories = new DataDirectories(paths, nodeId);
        for (Path path : directories.all()) {
            directories.read(path);
        }
        directories.checkOwner();
        directories.checkMetadata();
        directories.complete(clusterId, random);
        return directories;
    }

    /** The metadata's first. */
    private List<Path> all() {
        List<Path> all = new ArrayList<>(paths.logs());
        all.remove(paths.metadata());
        all.addFirst(paths.metadata());
        return all;
    }

    private void read(Path path) throws IOException {
        try {
            Optional<MetaProperties> found = MetaProperties.read(path);
            found.ifPresent(meta -> known.put(path, meta));
        } catch (IOException e) {
            if (path.equals(paths.metadata())) {
                throw e;
            }
            broken.put(path, e);
        }
    }

    private void checkOwner() throws IOException {
        Map<String, Path> ids = new HashMap<>();
        for (Map.Entry<Path, MetaProperties> entry : known.entrySet()) {
            Path path = entry.getKey();
            MetaProperties meta = entry.getValue();
            if (meta.nodeId() != nodeId) {
                throw new IOException("the data directory " + path + " belongs to node " + meta.nodeId()
                        + ", not to node.id " + nodeId);
            }
            Map.Entry<Path, MetaProperties> first = known.entrySet().iterator().next();
            if (!meta.clusterId().equals(first.getValue().clusterId())) {
                throw new IOException("the data directory " + path + " belongs to cluster " + meta.clusterId()
                        + ", not to cluster " + first.getValue().clusterId() + " as " + first.getKey());
            }
            checkId(path, meta.directoryId());
            Path other = meta.directoryId().isEmpty() ? null : ids.put(meta.directoryId(), path);
            if (other != null) {
                throw new IOException("the data directories " + other + " and " + path
                        + " have the same directory.id: one is a copy");
            }
        }
    }

    private static void checkId(Path path, String text) throws IOException {
        try {
            if (!text.isEmpty()) {
                Uuids.parse(text);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the data directory " + path + " has a directory.id that is none: " + text, e);
        }
    }

    /** Or a start with other settings would begin an empty cluster, to which no log belongs. */
    private void checkMetadata() throws IOException {
        for (Path path : paths.logs()) {
            boolean isNew = !known.containsKey(paths.metadata());
            boolean isMissing = !LocalMetadataLog.isIn(paths.metadata()) && isOfCluster(path);
            if (isMissing || (isNew && known.containsKey(path))) {
                throw new IOException(
                        "the metadata are expected in " + paths.metadata() + ", where there are none, but " + path
                                + " is in use already: metadata.log.dir, or else the first of log.dirs, must be the directory with the metadata");
            }
        }
    }

    /** Whether there is something in another directory that metadata must know. One that cannot be listed is offline, and then its partitions are. */
    private boolean isOfCluster(Path path) {
        try {
            return LocalMetadataLog.isIn(path)
                    || (!path.equals(paths.metadata())
                            && known.containsKey(path)
                            && LogDirectories.holdsPartitions(path));
        } catch (IOException e) {
            return false;
        }
    }

    private void complete(@Nullable String wantedId, RandomGenerator random) throws IOException {
        String newId = wantedId == null ? Uuids.text(Uuids.random(random)) : wantedId;
        String clusterId =
                known.isEmpty() ? newId : known.values().iterator().next().clusterId();
        if (wantedId != null && !wantedId.equals(clusterId)) {
            throw new IOException("the data directories belong to cluster " + clusterId + ", not to cluster " + wantedId
                    + " (milena.cluster.id)");
        }
        for (Path path : all()) {
            MetaProperties meta = known.get(path);
            if (!broken.containsKey(path) && (meta == null || meta.directoryId().isEmpty())) {
                fresh.put(path, new MetaProperties(clusterId, nodeId, Uuids.text(Uuids.random(random))));
            }
        }
        known.putAll(fresh);
    }

    /** Where everything is meant to be. */
    public DirectoryLayout layout() {
        return new DirectoryLayout(
                place(paths.metadata()), paths.logs().stream().map(this::place).toList(), broken);
    }

    private LogDirectory.Place place(Path path) {
        MetaProperties meta = known.get(path);
        return new LogDirectory.Place(path, meta == null ? Uuids.ZERO : Uuids.parse(meta.directoryId()));
    }

    public String clusterId() {
        return known.values().iterator().next().clusterId();
    }

    /** Marks the new directories as this node's. */
    public void claim(LogDirectories directories) throws IOException {
        for (LogDirectory directory : directories.opened()) {
            MetaProperties meta = fresh.get(directory.path());
            if (meta != null) {
                try {
                    meta.write(directory);
                } catch (IOException e) {
                    if (directory.path().equals(paths.metadata())) {
                        throw e;
                    }
                    directory.failed("writing meta.properties", e);
                }
            }
        }
    }
}
