package io.milena.console;

import io.milena.console.search.RecordFilter;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /api/v1/topics/{topic}/tail}: records as they come, as events. A reader that is too slow misses some, and is told how many. */
final class TailPage implements Page {
    static final List<String> QUERY = Filters.and("partition", "maxBytes");

    private static final int FETCH_BYTES = 1 << 20;
    private static final int BATCH_BYTES = 32 << 20;
    /** How long one leader is waited for; where there are several, the others wait meanwhile. */
    private static final int WAIT_MS = 500;
    /** A reader that is further behind than this goes on at the end. */
    private static final long BEHIND_MAX = 10_000;
    /** How long partitions without leaders are waited for. */
    private static final long PATIENCE_MS = 30_000;

    private static final long PAUSE_MS = 200;

    private final Cluster cluster;
    private final Clock clock;
    private final Offsets offsets;
    private final RecordReader reader;

    TailPage(Cluster cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
        this.offsets = new Offsets(cluster);
        this.reader = new RecordReader(cluster);
    }

    @Override
    public Response answer(Request request) throws BadRequest {
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        Collection<Integer> partitions = ChosenPartitions.of(request.list("partition"), topic);
        RecordFilter filter = Filters.of(request);
        RecordJson shown = RecordJson.of(request);
        Map<Integer, Long> positions = new TreeMap<>(offsets.of(topic, partitions, Offsets.LATEST));
        if (request.query("fromMs") != null) {
            positions.putAll(offsets.of(topic, partitions, filter.fromMs()));
        }
        return Response.events(events -> new Tail(Cluster.name(topic), filter, shown, positions, events).run());
    }

    /** What one reader follows. */
    private final class Tail {
        private final String topic;
        private final RecordFilter filter;
        private final RecordJson shown;
        private final Map<Integer, Long> positions;
        private final EventStream events;

        Tail(String topic, RecordFilter filter, RecordJson shown, Map<Integer, Long> positions, EventStream events) {
            this.topic = topic;
            this.filter = filter;
            this.shown = shown;
            this.positions = positions;
            this.events = events;
        }

        /** Goes on until the reader has gone: then a write fails. */
        void run() throws BadRequest, IOException, InterruptedException {
            Deadline patience = Deadline.afterMs(clock, PATIENCE_MS);
            while (true) {
                MetadataResponseTopic now = cluster.topic(topic);
                Map<Integer, Map<Integer, Long>> byLeader = byLeader(now);
                boolean isRead = false;
                for (Map.Entry<Integer, Map<Integer, Long>> asked : byLeader.entrySet()) {
                    isRead |= read(now, asked.getKey(), asked.getValue(), Math.max(1, WAIT_MS / byLeader.size()));
                }
                if (isRead) {
                    patience = Deadline.afterMs(clock, PATIENCE_MS);
                } else if (patience.isPast()) {
                    throw new BadRequest(503, "No partition of " + topic + " can be read now.");
                } else {
                    clock.sleepMs(PAUSE_MS);
                }
                events.keepAlive();
            }
        }

        /** False if the leader does not answer: perhaps there is another one soon. */
        private boolean read(MetadataResponseTopic now, int leader, Map<Integer, Long> from, int waitMs)
                throws BadRequest, IOException {
            List<PartitionData> all;
            try {
                all = reader.fetch(leader, now, from, FETCH_BYTES, waitMs);
            } catch (BadRequest e) {
                if (e.status() == 502) {
                    return false;
                }
                throw e;
            }
            boolean isRead = false;
            for (PartitionData data : all) {
                isRead |= !ErrorCode.of(data.errorCode()).isRetriable();
                show(data);
            }
            return isRead;
        }

        private Map<Integer, Map<Integer, Long>> byLeader(MetadataResponseTopic now) {
            Map<Integer, Map<Integer, Long>> byLeader = new TreeMap<>();
            for (MetadataResponsePartition each : now.partitions()) {
                Long position = positions.get(each.partitionIndex());
                if (position != null && each.leaderId() >= 0) {
                    byLeader.computeIfAbsent(each.leaderId(), leader -> new TreeMap<>())
                            .put(each.partitionIndex(), position);
                }
            }
            return byLeader;
        }

        private void show(PartitionData data) throws BadRequest, IOException {
            int partition = data.partitionIndex();
            if (data.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code()) {
                positions.put(partition, Math.max(data.logStartOffset(), 0));
                return;
            }
            if (ErrorCode.of(data.errorCode()).isRetriable()) {
                return; // its leader changes
            }
            Cluster.check(data.errorCode(), null);
            var fetched = RecordReader.take(data.records());
            for (RecordBatch batch : RecordBatches.of(fetched)) {
                show(partition, batch);
            }
            long behind = data.highWatermark() - positions.getOrDefault(partition, 0L);
            if (behind > BEHIND_MAX) {
                positions.put(partition, data.highWatermark());
                events.send("skipped", null, json -> {
                    json.writeStartObject();
                    json.writeNumberField("partition", partition);
                    json.writeNumberField("records", behind);
                    json.writeEndObject();
                });
            }
        }

        private void show(int partition, RecordBatch batch) throws BadRequest, IOException {
            long from = positions.getOrDefault(partition, 0L);
            if (!batch.isControl()) {
                try {
                    for (Record record : batch.records(BATCH_BYTES)) {
                        RecordReader.Read read = new RecordReader.Read(record, batch);
                        if (record.offset() >= from && filter.isTrueOf(record, read.timestampMs())) {
                            events.send("record", null, json -> shown.write(null, partition, read, json));
                        }
                    }
                } catch (InvalidRecordsException e) {
                    throw new BadRequest(500, "CORRUPT_MESSAGE", "A batch cannot be read: " + e.getMessage());
                }
            }
            positions.put(partition, Math.max(from, batch.nextOffset()));
        }
    }
}
