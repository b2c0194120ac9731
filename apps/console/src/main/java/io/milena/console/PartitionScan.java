package io.milena.console;

import io.milena.console.search.RecordFilter;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Goes through one partition from an offset to another, some at a time, and finds the records for which a filter is true. One thread's. */
final class PartitionScan {
    /** Read in one go. Less would cost more turns, more would make a search that is ended go on for longer, and leave the processor's caches. */
    private static final int CHUNK_BYTES = 1 << 20;
    /** What a batch may become when it is decompressed. */
    private static final int BATCH_BYTES = 128 << 20;

    /** How long a partition without a leader is waited for: longer than it takes to find a new one. */
    private static final long PATIENCE_MS = 30_000;

    private static final long PAUSE_MS = 200;

    private final Cluster cluster;
    private final Clock clock;
    private final RecordReader reader;
    private final Offsets offsets;
    private final int partition;
    private final RecordFilter filter;
    private final long end;

    /** As it was when its leader was last looked for. */
    private MetadataResponseTopic topic;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long next;

    /** @param end exclusive */
    PartitionScan(
            Cluster cluster,
            Clock clock,
            MetadataResponseTopic topic,
            int partition,
            RecordFilter filter,
            long begin,
            long end) {
        this.cluster = cluster;
        this.clock = clock;
        this.reader = new RecordReader(cluster);
        this.offsets = new Offsets(cluster);
        this.topic = topic;
        this.partition = partition;
        this.filter = filter;
        this.next = begin;
        this.end = end;
    }

    /**
     * What was looked at in one go. The records stay as they are: their buffers are not used again.
     *
     * @param next where to go on
     * @param records how many were looked at
     */
    record Step(long next, long records, long bytes, List<RecordReader.Read> found) {
        /** This, which has found nothing, and what comes behind it. */
        Step with(Step after) {
            return new Step(after.next, records + after.records, bytes + after.bytes, after.found);
        }
    }

    boolean isDone() {
        return next >= end;
    }

    /** Looks at some more; at the new leader where it moves. */
    Step step() throws BadRequest, IOException, InterruptedException {
        Deadline patience = Deadline.afterMs(clock, PATIENCE_MS);
        while (true) {
            try {
                return look();
            } catch (BadRequest e) {
                if (!isUnreachable(e)) {
                    throw e;
                }
                if (patience.isPast()) {
                    throw new BadRequest(
                            e.status(),
                            e.code(),
                            e.detail() + " That has not changed for " + PATIENCE_MS / 1000
                                    + " s. Who asks again with the position of the last event goes on there.");
                }
            }
            clock.sleepMs(PAUSE_MS);
            findLeader();
        }
    }

    /** It does not work there now, is not there, or the broker does not answer. */
    private static boolean isUnreachable(BadRequest problem) {
        return problem.status() == 502
                || problem.status() == 503
                || ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.name().equals(problem.code())
                || ErrorCode.UNKNOWN_TOPIC_ID.name().equals(problem.code());
    }

    private void findLeader() throws BadRequest {
        MetadataResponseTopic now = cluster.topic(Cluster.name(topic));
        if (!now.topicId().equals(topic.topicId())) {
            throw new BadRequest(404, "The topic " + topic.name() + " was deleted; this one is another.");
        }
        topic = now;
    }

    private Step look() throws BadRequest, IOException {
        int leader = RecordReader.leader(topic, partition);
        PartitionData data = reader.fetch(leader, topic, Map.of(partition, next), CHUNK_BYTES, 0)
                .getFirst();
        if (data.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code() && skipDeleted()) {
            return new Step(next, 0, 0, List.of());
        }
        Cluster.check(data.errorCode(), null);
        ByteBuffer fetched = RecordReader.take(data.records(), this::buffer);
        List<RecordReader.Read> found = new ArrayList<>();
        long records = 0;
        if (!fetched.hasRemaining()) {
            if (data.highWatermark() < end) { // as a new leader has it, until its followers have told how far they are
                throw new BadRequest(
                        503,
                        "Partition " + partition + " of " + topic.name() + " ends at offset " + data.highWatermark()
                                + " now, and not at " + end + " as before.");
            }
            next = end; // nothing is left before the end: compaction took it, or it was deleted
        }
        for (RecordBatch batch : RecordBatches.of(fetched)) {
            records += look(batch, found);
        }
        if (!found.isEmpty()) {
            buffer = ByteBuffer.allocate(0); // what was found lies in it
        }
        return new Step(next, records, fetched.remaining(), found);
    }

    /** What was to be read next has been deleted meanwhile, as retention does; false if it has not. */
    private boolean skipDeleted() throws BadRequest {
        long start = offsets.of(topic, partition, Offsets.EARLIEST);
        boolean isLater = start > next;
        next = Math.max(start, next);
        return isLater;
    }

    private ByteBuffer buffer(int size) {
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(Math.max(size, CHUNK_BYTES));
        }
        return buffer;
    }

    /** Answers how many records there are. */
    private long look(RecordBatch batch, List<RecordReader.Read> found) throws BadRequest {
        long begin = next;
        next = Math.max(begin, batch.nextOffset());
        if (batch.isControl()) {
            return 0;
        }
        try {
            boolean isWhole = begin <= batch.baseOffset() && batch.nextOffset() <= end;
            if (!isWhole || filter.mayBeIn(batch, BATCH_BYTES)) {
                return look(batch, begin, found);
            }
            return batch.recordCount();
        } catch (InvalidRecordsException e) {
            throw new BadRequest(
                    500,
                    "CORRUPT_MESSAGE",
                    "The batch at offset " + batch.baseOffset() + " of partition " + partition + " cannot be read: "
                            + e.getMessage());
        }
    }

    private long look(RecordBatch batch, long begin, List<RecordReader.Read> found) {
        long records = 0;
        for (Record record : batch.records(BATCH_BYTES)) {
            if (record.offset() >= begin && record.offset() < end) {
                records++;
                RecordReader.Read read = new RecordReader.Read(record, batch);
                if (filter.isTrueOf(record, read.timestampMs())) {
                    found.add(read);
                }
            }
        }
        return records;
    }
}
