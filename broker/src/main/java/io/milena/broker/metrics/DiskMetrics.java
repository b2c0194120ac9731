package io.milena.broker.metrics;

import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.disk.ForceStatistics;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The data directories and their disks. */
final class DiskMetrics implements MetricSource {
    private static final Metric OFFLINE =
            Metric.gauge("kafka_log_logmanager_offlinelogdirectorycount", "Data directories that cannot be used.");
    private static final Metric TOTAL =
            Metric.gauge("milena_disk_total_bytes", "Bytes of the data directory's file system.", "directory");
    private static final Metric USABLE =
            Metric.gauge("milena_disk_usable_bytes", "Free bytes of the data directory's file system.", "directory");
    private static final Metric FORCES = Metric.histogram(
            "milena_force_duration_seconds",
            "How long the disk took to keep what was written; kind is journal for a round of the group commit, files"
                    + " for the partitions' own files.",
            "directory",
            "kind");

    static final List<Metric> ALL = List.of(OFFLINE, TOTAL, USABLE, FORCES);

    private final LogDirectories directories;

    DiskMetrics(LogDirectories directories) {
        this.directories = directories;
    }

    @Override
    public void read(MetricSink sink) {
        List<Path> paths = directories.paths();
        sink.value(
                OFFLINE,
                paths.stream().filter(path -> directories.online(path) == null).count());
        for (Path path : paths) {
            if (directories.online(path) != null) {
                readSpace(path, sink);
            }
        }
        for (LogDirectory directory : directories.opened()) {
            String name = name(directory.path());
            ForceStatistics forces = directory.forceStatistics();
            sink.durations(FORCES, forces.journal().snapshot(), name, "journal");
            sink.durations(FORCES, forces.files().snapshot(), name, "files");
        }
    }

    /** A disk that does not even say how full it is has no value. */
    private static void readSpace(Path path, MetricSink sink) {
        try {
            FileStore store = Files.getFileStore(path);
            long total = store.getTotalSpace();
            long usable = store.getUsableSpace();
            sink.value(TOTAL, total, name(path));
            sink.value(USABLE, usable, name(path));
        } catch (IOException e) {
            // the next append tells what is wrong with it
        }
    }

    private static String name(Path path) {
        return path.toAbsolutePath().toString();
    }
}
