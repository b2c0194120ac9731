package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.records.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/topics/{topic}/partitions/{partition}/records}: a few records from an offset, a time, or the end. Bytes that are text are shown so, all others in base64; of long ones the begin.
 */
final class RecordsPage implements Page {
    private static final int LIMIT_MAX = 500;
    private static final int LIMIT = 50;
    /** Of a key or value that are shown, in bytes. */
    private static final int SHOWN_MAX = 1 << 20;

    private static final int SHOWN = 16 << 10;

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
        String topic = request.part("topic");
        int partition = (int) request.numberPart("partition", 0, Integer.MAX_VALUE);
        int limit = (int) request.number("limit", LIMIT, 1, LIMIT_MAX);
        int shown = (int) request.number("maxBytes", SHOWN, 1, SHOWN_MAX);
        if (cluster.topic(topic).partitions().stream().noneMatch(each -> each.partitionIndex() == partition)) {
            throw new BadRequest(404, "UNKNOWN_TOPIC_OR_PARTITION");
        }
        RecordReader.Page page = reader.read(topic, partition, begin(request, topic, partition, limit), limit);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("records");
            for (RecordReader.Read read : page.records()) {
                write(read, shown, json);
            }
            json.writeEndArray();
            json.writeNumberField("nextOffset", page.nextOffset());
            json.writeNumberField("highWatermark", page.highWatermark());
            json.writeEndObject();
        });
    }

    private long begin(Request request, String topic, int partition, int limit) throws BadRequest {
        if (request.query("offset") != null) {
            return request.number("offset", 0, 0, Long.MAX_VALUE);
        }
        long start = at(topic, partition, Offsets.EARLIEST);
        long end = at(topic, partition, Offsets.LATEST);
        if (request.query("timestampMs") != null) {
            long timestampMs = request.number("timestampMs", 0, 0, Long.MAX_VALUE);
            return offsets.of(topic, List.of(partition), timestampMs).getOrDefault(partition, end);
        }
        return Math.max(start, end - limit);
    }

    private long at(String topic, int partition, long which) throws BadRequest {
        Long offset = offsets.of(topic, List.of(partition), which).get(partition);
        if (offset == null) {
            throw new BadRequest(503, "The partition does not work.");
        }
        return offset;
    }

    private static void write(RecordReader.Read read, int shown, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("offset", read.record().offset());
        json.writeNumberField("timestampMs", read.timestampMs());
        json.writeStringField("compression", read.batch().compression().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("isTransactional", read.batch().isTransactional());
        writeBytes("key", read.record().key(), shown, json);
        writeBytes("value", read.record().value(), shown, json);
        json.writeArrayFieldStart("headers");
        for (RecordHeader header : read.record().headers()) {
            json.writeStartObject();
            json.writeStringField("name", header.key());
            writeBytes("value", header.value(), shown, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeBytes(String name, @Nullable ByteBuffer bytes, int shown, JsonGenerator json)
            throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        int size = bytes.remaining();
        byte[] begin = new byte[Math.min(size, shown)];
        bytes.duplicate().get(begin);
        String text = text(begin, begin.length == size);
        json.writeObjectFieldStart(name);
        json.writeNumberField("sizeInBytes", size);
        if (text == null) {
            json.writeBinaryField("base64", begin);
        } else {
            json.writeStringField("text", text);
        }
        json.writeEndObject();
    }

    /** Null if it is not UTF-8. Of a text that was cut, the last character may be missing. */
    private static @Nullable String text(byte[] bytes, boolean isWhole) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, isWhole);
        return result.isError() ? null : text.flip().toString();
    }
}
