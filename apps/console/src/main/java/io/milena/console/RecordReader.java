package io.milena.console;

import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.records.TimestampType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads records of a partition a few at a time, as a consumer of uncommitted data would. */
final class RecordReader {
    /** More is not read in one go, but for the one batch that is always given. */
    private static final int FETCH_BYTES = 1 << 20;
    /** What a page may read altogether. */
    private static final long PAGE_BYTES = 16L << 20;
    /** What a batch may become when it is decompressed. */
    private static final int BATCH_BYTES = 32 << 20;

    private final Cluster cluster;

    RecordReader(Cluster cluster) {
        this.cluster = cluster;
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
    record Page(List<Read> records, long nextOffset, long highWatermark) {}

    /** At most {@code limit} records from {@code offset} on; fewer, even none before the end, where that much reading does not give more. */
    Page read(String topic, int partition, long offset, int limit) throws BadRequest, IOException {
        List<Read> records = new ArrayList<>();
        long next = offset;
        long bytes = 0;
        while (true) {
            PartitionData data = fetch(topic, partition, next, FETCH_BYTES);
            ByteBuffer fetched = take(data.records());
            bytes += fetched.remaining();
            for (RecordBatch batch : RecordBatches.of(fetched)) {
                next = add(batch, next, limit, records);
                if (records.size() == limit) {
                    return new Page(records, next, data.highWatermark());
                }
            }
            if (next >= data.highWatermark() || bytes == 0 || bytes >= PAGE_BYTES) {
                return new Page(records, next, data.highWatermark());
            }
        }
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
                    500, "The batch at offset " + batch.baseOffset() + " cannot be read: " + e.getMessage());
        }
        return batch.nextOffset();
    }

    /** The time of the batch that holds the record at {@code offset}, or the first behind it. */
    OptionalLong batchTimeAt(String topic, int partition, long offset) throws BadRequest, IOException {
        ByteBuffer fetched = take(fetch(topic, partition, offset, 1).records());
        for (RecordBatch batch : RecordBatches.of(fetched)) {
            long time = batch.timestampType() == TimestampType.LOG_APPEND_TIME
                    ? batch.maxTimestampMs()
                    : batch.baseTimestampMs();
            return time < 0 ? OptionalLong.empty() : OptionalLong.of(time);
        }
        return OptionalLong.empty();
    }

    private PartitionData fetch(String topic, int partition, long offset, int bytesMax) throws BadRequest {
        FetchPartition wanted = FetchPartition.builder()
                .partition(partition)
                .currentLeaderEpoch(-1)
                .fetchOffset(offset)
                .partitionMaxBytes(bytesMax)
                .build();
        FetchRequest request = FetchRequest.builder()
                .maxBytes(bytesMax)
                .maxWaitMs(0)
                .minBytes(0)
                .sessionEpoch(-1)
                .topics(List.of(new FetchTopic(topic, cluster.topic(topic).topicId(), List.of(wanted))))
                .build();
        FetchResponse response = cluster.ask(request, FetchResponse.class);
        Cluster.check(response.errorCode(), null);
        PartitionData data = response.responses().getFirst().partitions().getFirst();
        Cluster.check(data.errorCode(), null);
        return data;
    }

    /** The bytes, read into memory; a file is let go of. */
    private static ByteBuffer take(@Nullable Payload payload) throws IOException {
        return switch (payload) {
            case null -> ByteBuffer.allocate(0);
            case Payload.InMemory memory -> memory.bytes();
            case Payload.InFile file -> {
                ByteBuffer bytes = ByteBuffer.allocate(file.sizeInBytes());
                try {
                    while (bytes.hasRemaining()
                            && file.channel().read(bytes, file.position() + bytes.position()) >= 0) {}
                } finally {
                    file.release();
                }
                yield bytes.flip();
            }
            default -> throw new IllegalStateException("records that are neither in memory nor in a file");
        };
    }
}
