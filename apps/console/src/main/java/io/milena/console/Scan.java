package io.milena.console;

import io.milena.console.PartitionScan.Step;
import io.milena.console.search.RecordFilter;
import io.milena.console.search.ScanPosition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.runtime.Clock;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Goes through partitions of a topic from a position to where they ended when it began, and shows the records for which a filter is true, in the order of partitions and offsets. One thread's, which has others look ahead. */
final class Scan {
    private final Cluster cluster;
    private final Clock clock;
    private final Threads threads;
    private final MetadataResponseTopic topic;
    private final RecordFilter filter;
    /** By partition: where it begins here, and where it ends. */
    private final TreeMap<Integer, Bounds> bounds = new TreeMap<>();

    private ScanPosition position;
    private long scannedRecords;
    private long scannedBytes;
    private long behindUs;

    private record Bounds(long start, long end) {}

    /** Takes what is found, and is told how it goes on. */
    interface Listener {
        /** @return false if that is enough */
        boolean found(int partition, RecordReader.Read read) throws BadRequest, IOException;

        /** Some more has been read. */
        void goesOn() throws BadRequest, IOException;
    }

    /** @param from null for the begin */
    Scan(
            Cluster cluster,
            Clock clock,
            Threads threads,
            MetadataResponseTopic topic,
            Collection<Integer> partitions,
            RecordFilter filter,
            @Nullable ScanPosition from)
            throws BadRequest {
        this.cluster = cluster;
        this.clock = clock;
        this.threads = threads;
        this.topic = topic;
        this.filter = filter;
        Offsets offsets = new Offsets(cluster);
        Map<Integer, Long> ends = offsets.of(topic, partitions, Offsets.LATEST);
        Map<Integer, Long> starts = filter.fromMs() > 0
                ? offsets.of(topic, partitions, filter.fromMs())
                : offsets.of(topic, partitions, Offsets.EARLIEST);
        for (int partition : partitions) {
            Long end = ends.get(partition);
            if (end == null) {
                throw new BadRequest(503, "Partition " + partition + " of " + topic.name() + " does not work now.");
            }
            long start = Math.min(starts.getOrDefault(partition, end), end); // none is so late
            bounds.put(partition, new Bounds(start, end));
        }
        this.position = from == null ? begin() : from;
        bounds.headMap(position.partition()).values().forEach(done -> behindUs += done.end - done.start);
    }

    private ScanPosition begin() {
        Map.Entry<Integer, Bounds> first = bounds.firstEntry();
        return first == null ? new ScanPosition(0, 0) : new ScanPosition(first.getKey(), first.getValue().start);
    }

    /** Where to go on. */
    ScanPosition position() {
        return position;
    }

    long scannedRecords() {
        return scannedRecords;
    }

    long scannedBytes() {
        return scannedBytes;
    }

    /** Offsets from the begin to the end of all. */
    long total() {
        return bounds.values().stream().mapToLong(each -> each.end - each.start).sum();
    }

    /** How much of that is done, from 0 to 1. */
    double fraction() {
        long total = total();
        Bounds here = bounds.get(position.partition());
        long done =
                behindUs + (here == null ? 0 : Math.clamp(position.offset() - here.start, 0, here.end - here.start));
        return total == 0 ? 1 : (double) done / total;
    }

    /** Goes on until the end, or until the listener has enough; true at the end. */
    boolean run(Listener listener) throws BadRequest, IOException, InterruptedException {
        Map<Integer, Bounds> rest = bounds.tailMap(position.partition());
        List<PartitionScan> scans = new ArrayList<>();
        for (Map.Entry<Integer, Bounds> each : rest.entrySet()) {
            scans.add(
                    new PartitionScan(cluster, clock, topic, each.getKey(), filter, begin(each), each.getValue().end));
        }
        try (SideBySide ahead = new SideBySide(scans, threads)) {
            int index = 0;
            for (Map.Entry<Integer, Bounds> each : rest.entrySet()) {
                position = new ScanPosition(each.getKey(), begin(each));
                for (Step step = ahead.take(index); step != null; step = ahead.take(index)) {
                    if (!show(each.getKey(), step, listener)) {
                        return false;
                    }
                }
                behindUs += each.getValue().end - each.getValue().start;
                position = new ScanPosition(each.getKey() + 1, 0);
                index++;
            }
        }
        return true;
    }

    private long begin(Map.Entry<Integer, Bounds> of) {
        long start = of.getValue().start;
        return of.getKey() == position.partition() ? Math.max(position.offset(), start) : start;
    }

    private boolean show(int partition, Step step, Listener listener) throws BadRequest, IOException {
        scannedRecords += step.records();
        scannedBytes += step.bytes();
        for (RecordReader.Read read : step.found()) {
            position = new ScanPosition(partition, read.record().offset() + 1);
            if (!listener.found(partition, read)) {
                return false;
            }
        }
        position = new ScanPosition(partition, Math.max(position.offset(), step.next()));
        listener.goesOn();
        return true;
    }
}
