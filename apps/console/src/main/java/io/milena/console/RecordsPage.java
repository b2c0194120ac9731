package io.milena.console;

import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.util.List;

/** {@code /api/v1/topics/{topic}/partitions/{partition}/records}: a few records from an offset, a time, or the end. */
final class RecordsPage implements Page {
    static final List<String> QUERY = List.of("offset", "timestampMs", "limit", "maxBytes");
    static final int LIMIT_MAX = 500;
    static final int LIMIT = 50;

    private final Cluster cluster;
    private final Offsets offsets;
    private final RecordReader reader;

    RecordsPage(Cluster cluster) {
        this.cluster = cluster;
        this.offsets = new Offsets(cluster);
        this.reader = new RecordReader(cluster);
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        int partition = (int) request.numberPart("partition", 0, Integer.MAX_VALUE);
        int limit = (int) request.number("limit", LIMIT, 1, LIMIT_MAX);
        RecordJson shown = RecordJson.of(request);
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        RecordReader.leader(topic, partition);
        RecordReader.Page page = reader.read(topic, partition, begin(request, topic, partition, limit), limit);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("records");
            for (RecordReader.Read read : page.records()) {
                shown.write(null, partition, read, json);
            }
            json.writeEndArray();
            json.writeNumberField("nextOffset", page.nextOffset());
            json.writeNumberField("startOffset", page.startOffset());
            json.writeNumberField("highWatermark", page.highWatermark());
            json.writeEndObject();
        });
    }

    /** One record, whole if it is not too large: {@code .../records/{offset}}. */
    Page one() {
        return request -> {
            int partition = (int) request.numberPart("partition", 0, Integer.MAX_VALUE);
            long offset = request.numberPart("offset", 0, Long.MAX_VALUE);
            RecordJson shown = RecordJson.whole(request);
            RecordReader.Page page = reader.read(cluster.topic(request.part("topic")), partition, offset, 1);
            if (page.records().isEmpty() || page.records().getFirst().record().offset() != offset) {
                throw new BadRequest(404, "There is no record at offset " + offset + ".");
            }
            RecordReader.Read read = page.records().getFirst();
            return Json.answer(200, json -> shown.write(null, partition, read, json));
        };
    }

    private long begin(Request request, MetadataResponseTopic topic, int partition, int limit) throws BadRequest {
        if (request.query("offset") != null) {
            return request.number("offset", 0, 0, Long.MAX_VALUE);
        }
        long start = offsets.of(topic, partition, Offsets.EARLIEST);
        long end = offsets.of(topic, partition, Offsets.LATEST);
        if (request.query("timestampMs") != null) {
            long timestampMs = request.number("timestampMs", 0, 0, Long.MAX_VALUE);
            return offsets.of(topic, List.of(partition), timestampMs).getOrDefault(partition, end);
        }
        return Math.max(start, end - limit);
    }
}
