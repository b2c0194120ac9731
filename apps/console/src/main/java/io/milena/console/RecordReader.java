package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.records.TimestampType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads records of a partition a few at a time, as a consumer would: of uncommitted data where nothing else is said. */
final class RecordReader {
    /** More is not read in one go, but for the one batch that is always given. */
    private static final int FETCH_BYTES = 1 << 20;
    /** What a page may read altogether. */
    private static final long PAGE_BYTES = 16L << 20;
    /** What a batch may become when it is decompressed. */
    private static final int BATCH_BYTES = 32 << 20;

    private final Cluster cluster;
    private final Isolation isolation;

    RecordReader(Cluster cluster) {
        this(cluster, Isolation.READ_UNCOMMITTED);
    }

    /** @param isolation what is fetched; who takes committed records leaves out those of transactions that were aborted ({@link Isolation#seen}) */
    RecordReader(Cluster cluster, Isolation isolation) {
        this.cluster = cluster;
        this.isolation = isolation;
    }

    /** A record and the batch that it came in. */
    record Read(Record record, RecordBatch batch) {
        /** In ms. */
        long timestampMs() {
            return batch.timestampType() == TimestampType.LOG_APPEND_TIME
                    ? batch.maxTimestampMs()
                    : record.timestampMs();
        }
    }

    /**
     * Some records in the order of their offsets.
     *
     * @param nextOffset where to go on
     * @param highWatermark where there is nothing more to read now
     */
    record Page(List<Read> records, long nextOffset, long startOffset, long highWatermark) {}

    /** At most {@code limit} records from {@code offset} on; fewer, even none before the end, where that much reading does not give more. */
    Page read(MetadataResponseTopic topic, int partition, long offset, int limit) throws BadRequest, IOException {
        List<Read> records = new ArrayList<>();
        long next = offset;
        long bytes = 0;
        while (true) {
            PartitionData data = fetch(topic, partition, next, FETCH_BYTES, 0);
            ByteBuffer fetched = take(data.records());
            bytes += fetched.remaining();
            for (RecordBatch batch : RecordBatches.of(fetched)) {
                next = add(batch, next, limit, records);
                if (records.size() == limit) {
                    return new Page(records, next, data.logStartOffset(), data.highWatermark());
                }
            }
            if (next >= data.highWatermark() || !fetched.hasRemaining() || bytes >= PAGE_BYTES) {
                return new Page(records, next, data.logStartOffset(), data.highWatermark());
            }
        }
    }

    /** Adds records of what was fetched, of batches that are seen, at most {@code limit}; answers where to go on. */
    static long add(ByteBuffer fetched, Predicate<RecordBatch> isSeen, long from, int limit, List<Read> records)
            throws BadRequest {
        long next = from;
        for (RecordBatch batch : RecordBatches.of(fetched)) {
            if (records.size() >= limit) {
                break;
            }
            next = isSeen.test(batch) ? add(batch, next, limit, records) : batch.nextOffset();
        }
        return next;
    }

    /** Adds records of a batch; answers where to go on. */
    private static long add(RecordBatch batch, long from, int limit, List<Read> records) throws BadRequest {
        if (batch.isControl()) {
            return batch.nextOffset();
        }
        try {
            for (Record record : batch.records(BATCH_BYTES)) {
                if (record.offset() >= from) {
                    records.add(new Read(record, batch));
                    if (records.size() == limit) {
                        return record.offset() + 1;
                    }
                }
            }
        } catch (InvalidRecordsException e) {
            throw new BadRequest(
                    500,
                    "CORRUPT_MESSAGE",
                    "The batch at offset " + batch.baseOffset() + " cannot be read: " + e.getMessage());
        }
        return batch.nextOffset();
    }

    /** What the leader of a partition has from an offset on; the records are the caller's to {@link #take}. */
    PartitionData fetch(MetadataResponseTopic topic, int partition, long offset, int bytesMax, int waitMs)
            throws BadRequest {
        PartitionData data = fetch(leader(topic, partition), topic, Map.of(partition, offset), bytesMax, waitMs)
                .getFirst();
        Cluster.check(
                data.errorCode(),
                data.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code()
                        ? new Offsets(cluster).outside(topic, partition, offset)
                        : null);
        return data;
    }

    /** The same for several partitions that have one leader; each may have an error of its own. It waits until there is something in one of them. */
    List<PartitionData> fetch(
            int leader, MetadataResponseTopic topic, Map<Integer, Long> offsets, int bytesMax, int waitMs)
            throws BadRequest {
        List<FetchPartition> wanted = new ArrayList<>();
        offsets.forEach((partition, offset) -> wanted.add(FetchPartition.builder()
                .partition(partition)
                .currentLeaderEpoch(-1)
                .fetchOffset(offset)
                .partitionMaxBytes(bytesMax)
                .build()));
        FetchRequest request = FetchRequest.builder()
                .maxBytes(bytesMax)
                .maxWaitMs(waitMs)
                .minBytes(waitMs == 0 ? 0 : 1)
                .isolationLevel(isolation.id())
                .sessionEpoch(-1)
                .topics(List.of(new FetchTopic(Cluster.name(topic), topic.topicId(), wanted)))
                .build();
        FetchResponse response = cluster.ask(leader, request, FetchResponse.class);
        Cluster.check(response.errorCode(), null);
        return response.responses().getFirst().partitions();
    }

    static int leader(MetadataResponseTopic topic, int partition) throws BadRequest {
        for (MetadataResponsePartition each : topic.partitions()) {
            if (each.partitionIndex() == partition) {
                if (each.leaderId() < 0) {
                    throw new BadRequest(503, "Partition " + partition + " of " + topic.name() + " has no leader now.");
                }
                return each.leaderId();
            }
        }
        throw new BadRequest(
                404,
                "UNKNOWN_TOPIC_OR_PARTITION",
                "Topic " + topic.name() + " has no partition " + partition + ", but 0 to "
                        + (topic.partitions().size() - 1) + ".");
    }

    /** The bytes, read into memory; a file is let go of. */
    static ByteBuffer take(@Nullable Payload payload) throws IOException {
        return take(payload, ByteBuffer::allocate);
    }

    /** The same, with a buffer for what is in a file. */
    static ByteBuffer take(@Nullable Payload payload, IntFunction<ByteBuffer> buffers) throws IOException {
        return switch (payload) {
            case null -> ByteBuffer.allocate(0);
            case Payload.InMemory memory -> memory.bytes();
            case Payload.InFile file -> {
                try {
                    ByteBuffer bytes = buffers.apply(file.sizeInBytes()).clear().limit(file.sizeInBytes());
                    file.prepare(file.position(), file.sizeInBytes());
                    while (bytes.hasRemaining()
                            && file.channel().read(bytes, file.position() + bytes.position()) >= 0) {}
                    yield bytes.flip();
                } finally {
                    file.release();
                }
            }
            default -> throw new IllegalStateException("records that are neither in memory nor in a file");
        };
    }
}
