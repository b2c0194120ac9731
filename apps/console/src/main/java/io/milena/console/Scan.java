package io.milena.console;

import io.milena.console.search.RecordFilter;
import io.milena.console.search.ScanPosition;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes through partitions of a topic from a position to where they ended when it began, and shows the records for which a filter is true. One thread's. The records are shown in buffers that are used again: whoever
 * wants one for longer copies it.
 */
final class Scan {
    /** Read in one go. Less would cost more turns, more would make a search that is ended go on for longer. */
    private static final int CHUNK_BYTES = 4 << 20;
    /** What a batch may become when it is decompressed. */
    private static final int BATCH_BYTES = 128 << 20;

    private final RecordReader reader;
    private final Offsets offsets;
    private final MetadataResponseTopic topic;
    private final RecordFilter filter;
    /** By partition: where it begins here, and where it ends. */
    private final TreeMap<Integer, Bounds> bounds = new TreeMap<>();

    private ByteBuffer buffer = ByteBuffer.allocate(0);
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
            MetadataResponseTopic topic,
            Collection<Integer> partitions,
            RecordFilter filter,
            @Nullable ScanPosition from)
            throws BadRequest {
        this.reader = new RecordReader(cluster);
        this.topic = topic;
        this.filter = filter;
        this.offsets = new Offsets(cluster);
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
    boolean run(Listener listener) throws BadRequest, IOException {
        for (Map.Entry<Integer, Bounds> each :
                bounds.tailMap(position.partition()).entrySet()) {
            int partition = each.getKey();
            Bounds here = each.getValue();
            long begin = partition == position.partition() ? Math.max(position.offset(), here.start) : here.start;
            position = new ScanPosition(partition, begin);
            if (!run(partition, here.end, listener)) {
                return false;
            }
            behindUs += here.end - here.start;
            position = new ScanPosition(partition + 1, 0);
        }
        return true;
    }

    private boolean run(int partition, long end, Listener listener) throws BadRequest, IOException {
        while (position.offset() < end) {
            int leader = RecordReader.leader(topic, partition);
            PartitionData data = reader.fetch(leader, topic, Map.of(partition, position.offset()), CHUNK_BYTES, 0)
                    .getFirst();
            if (data.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code() && skipDeleted(partition)) {
                continue;
            }
            Cluster.check(data.errorCode(), null);
            ByteBuffer fetched = RecordReader.take(data.records(), this::buffer);
            if (!fetched.hasRemaining()) {
                return true; // nothing is left before the end: compaction took it, or it was deleted
            }
            for (RecordBatch batch : RecordBatches.of(fetched)) {
                if (!run(partition, batch, end, listener)) {
                    return false;
                }
            }
            listener.goesOn();
        }
        return true;
    }

    /** What was to be read next has been deleted meanwhile, as retention does; false if it has not. */
    private boolean skipDeleted(int partition) throws BadRequest {
        long start = offsets.of(topic, partition, Offsets.EARLIEST);
        boolean isLater = start > position.offset();
        if (isLater) {
            position = new ScanPosition(partition, start);
        }
        return isLater;
    }

    private ByteBuffer buffer(int size) {
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(Math.max(size, CHUNK_BYTES));
        }
        return buffer;
    }

    private boolean run(int partition, RecordBatch batch, long end, Listener listener) throws BadRequest, IOException {
        scannedBytes += batch.buffer().remaining();
        if (!batch.isControl() && filter.mayBeIn(batch)) {
            try {
                for (Record record : batch.records(BATCH_BYTES)) {
                    if (record.offset() < position.offset() || record.offset() >= end) {
                        continue;
                    }
                    scannedRecords++;
                    RecordReader.Read read = new RecordReader.Read(record, batch);
                    if (filter.isTrueOf(record, read.timestampMs())) {
                        position = new ScanPosition(partition, record.offset() + 1);
                        if (!listener.found(partition, read)) {
                            return false;
                        }
                    }
                }
            } catch (InvalidRecordsException e) {
                throw new BadRequest(
                        500,
                        "CORRUPT_MESSAGE",
                        "The batch at offset " + batch.baseOffset() + " of partition " + partition + " cannot be read: "
                                + e.getMessage());
            }
        } else if (!batch.isControl()) {
            scannedRecords += batch.recordCount();
        }
        position = new ScanPosition(partition, Math.max(position.offset(), batch.nextOffset()));
        return true;
    }
}
