package io.milena.console;

import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.RecordHeader;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/topics/{topic}/records}: writes what was sent. */
final class ProducePage implements Page {
    private static final int RECORDS_MAX = 1000;

    private final Cluster cluster;
    private final Producing producing;
    private final Clock clock;

    ProducePage(Cluster cluster, Producing producing, Clock clock) {
        this.cluster = cluster;
        this.producing = producing;
        this.clock = clock;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        List<Fields> sent = request.body().only("records").objects("records");
        if (sent.isEmpty() || sent.size() > RECORDS_MAX) {
            throw new BadRequest(400, "records must be an array of 1 to " + RECORDS_MAX + " records.");
        }
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        if (topic.isInternal()) {
            throw new BadRequest(403, "Only brokers write to " + topic.name() + ".");
        }
        List<Producing.NewRecord> records = new ArrayList<>();
        for (Fields each : sent) {
            records.add(record(each, topic));
        }
        List<Producing.Written> written = producing.write(topic, records);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("records");
            for (Producing.Written each : written) {
                json.writeStartObject();
                json.writeNumberField("partition", each.partition());
                if (each.error() == null) {
                    json.writeNumberField("offset", each.offset());
                } else {
                    json.writeStringField("error", each.error());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Producing.NewRecord record(Fields sent, MetadataResponseTopic topic) throws BadRequest {
        sent.only("partition", "key", "value", "headers", "timestampMs");
        List<RecordHeader> headers = new ArrayList<>();
        for (Fields header : sent.objects("headers")) {
            header.only("name", "value");
            headers.add(new RecordHeader(header.textNeeded("name"), buffer(header, "value")));
        }
        return new Producing.NewRecord(
                (int) sent.number("partition", -1, 0, topic.partitions().size() - 1L),
                sent.number("timestampMs", clock.millis(), 0, Long.MAX_VALUE),
                buffer(sent, "key"),
                buffer(sent, "value"),
                headers);
    }

    private static @Nullable ByteBuffer buffer(Fields fields, String name) throws BadRequest {
        byte[] bytes = RecordJson.bytes(fields, name);
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
