package io.milena.console;

import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/topics/{topic}/records}: the newest records of a topic over its partitions, or the first from a time on. */
final class NewestRecordsPage implements Page {
    private static final Comparator<Found> BY_TIME = Comparator.comparingLong((Found found) -> found.read.timestampMs())
            .thenComparingInt(Found::partition)
            .thenComparingLong(found -> found.read.record().offset());

    static final List<String> QUERY = List.of("partition", "timestampMs", "limit", "maxBytes");

    private final Cluster cluster;
    private final Offsets offsets;
    private final RecordReader reader;

    NewestRecordsPage(Cluster cluster) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
        this.reader = new RecordReader(cluster);
    }

    private record Found(int partition, RecordReader.Read read) {}

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        int limit = (int) request.number("limit", RecordsPage.LIMIT, 1, RecordsPage.LIMIT_MAX);
        RecordJson shown = RecordJson.of(request);
        boolean isFromTime = request.query("timestampMs") != null;
        long fromMs = request.number("timestampMs", 0, 0, Long.MAX_VALUE);
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        List<Integer> partitions = ChosenPartitions.of(request.list("partition"), topic);
        Map<Integer, Long> starts = offsets.of(topic, partitions, Offsets.EARLIEST);
        Map<Integer, Long> ends = offsets.of(topic, partitions, Offsets.LATEST);
        Map<Integer, Long> begins = isFromTime ? offsets.of(topic, partitions, fromMs) : ends;

        List<Found> found = new ArrayList<>();
        for (Map.Entry<Integer, Long> each : ends.entrySet()) {
            int partition = each.getKey();
            long end = each.getValue();
            long start = starts.getOrDefault(partition, end);
            long begin = isFromTime ? begins.getOrDefault(partition, end) : Math.max(start, end - limit);
            if (begin < end) {
                for (RecordReader.Read read :
                        reader.read(topic, partition, begin, limit).records()) {
                    found.add(new Found(partition, read));
                }
            }
        }
        found.sort(isFromTime ? BY_TIME : BY_TIME.reversed());
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("records");
            for (Found one : found.subList(0, Math.min(limit, found.size()))) {
                shown.write(null, one.partition, one.read, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
