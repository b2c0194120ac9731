package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordHeader;
import io.milena.records.TimestampType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON. Bytes that are text are shown so, all others in base64; of long ones the begin.
 *
 * @param shownMax how many bytes of each key, value and value of a header are shown
 */
record RecordJson(int shownMax) {
    private static final int SHOWN_MAX = 1 << 20;
    private static final int SHOWN = 16 << 10;
    private static final byte[] NOTHING = {};

    /** As {@code maxBytes} of the request says. */
    static RecordJson of(Request request) throws BadRequest {
        return new RecordJson((int) request.number("maxBytes", SHOWN, 1, SHOWN_MAX));
    }

    /** As whole as it may be. */
    static RecordJson whole(Request request) throws BadRequest {
        return new RecordJson((int) request.number("maxBytes", SHOWN_MAX, 1, SHOWN_MAX));
    }

    /** @param topic shown where it is not null */
    void write(@Nullable String topic, int partition, RecordReader.Read read, JsonGenerator json) throws IOException {
        Record record = read.record();
        RecordBatch batch = read.batch();
        json.writeStartObject();
        if (topic != null) {
            json.writeStringField("topic", topic);
        }
        json.writeNumberField("partition", partition);
        json.writeNumberField("offset", record.offset());
        json.writeNumberField("timestampMs", read.timestampMs());
        json.writeStringField(
                "timestampType",
                batch.timestampType() == TimestampType.LOG_APPEND_TIME ? "LogAppendTime" : "CreateTime");
        json.writeStringField("compression", batch.compression().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("isTransactional", batch.isTransactional());
        writeBytes("key", record.key(), json);
        writeBytes("value", record.value(), json);
        json.writeArrayFieldStart("headers");
        for (RecordHeader header : record.headers()) {
            json.writeStartObject();
            json.writeStringField("name", header.key());
            writeBytes("value", header.value(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeBytes(String name, @Nullable ByteBuffer bytes, JsonGenerator json) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        int size = bytes.remaining();
        byte[] begin = new byte[Math.min(size, shownMax)];
        bytes.duplicate().get(begin);
        String text = text(begin, begin.length == size);
        json.writeObjectFieldStart(name);
        json.writeNumberField("sizeInBytes", size);
        if (text == null) {
            json.writeBinaryField("base64", begin);
        } else {
            json.writeStringField("text", text);
        }
        if (begin.length < size) {
            json.writeBooleanField("isCut", true);
        }
        json.writeEndObject();
    }

    /** Null if it is not UTF-8. Of a text that was cut, the last character may be missing. */
    private static @Nullable String text(byte[] bytes, boolean isWhole) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, isWhole);
        return result.isError() ? null : text.flip().toString();
    }

    /** What was sent as a key, a value or the value of a header: {@code {"text": ...}}, {@code {"base64": ...}}, {@code {"json": ...}} or null. */
    static byte @Nullable [] bytes(Fields fields, String name) throws BadRequest {
        if (fields.has(name) && !(fields.raw(name) instanceof Map)) {
            throw new BadRequest(
                    400, fields.path(name) + " must be null or an object with one of text, base64 and json.");
        }
        Fields bytes = fields.object(name);
        if (bytes == null) {
            return null;
        }
        bytes.only("text", "base64", "json", "sizeInBytes", "isCut");
        if (bytes.isOn("isCut")) {
            throw new BadRequest(400, bytes.where() + " is only the begin of a longer one: read it whole first.");
        }
        String base64 = bytes.text("base64");
        String text = bytes.text("text");
        boolean isJson = bytes.names().contains("json");
        if ((base64 == null ? 0 : 1) + (text == null ? 0 : 1) + (isJson ? 1 : 0) > 1) {
            throw new BadRequest(400, bytes.where() + " must have one of text, base64 and json.");
        }
        try {
            if (base64 != null) {
                return Base64.getDecoder().decode(base64);
            }
            if (isJson) {
                return Json.bytes(json -> write(bytes.raw("json"), json));
            }
        } catch (IllegalArgumentException e) {
            throw new BadRequest(400, bytes.where() + ".base64 is not base64: " + e.getMessage());
        } catch (IOException e) {
            throw new BadRequest(400, bytes.where() + ".json cannot be written: " + e.getMessage());
        }
        return text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        switch (value) {
            case Map<?, ?> object -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> field : object.entrySet()) {
                    json.writeFieldName(String.valueOf(field.getKey()));
                    write(field.getValue(), json);
                }
                json.writeEndObject();
            }
            case List<?> array -> {
                json.writeStartArray();
                for (Object item : array) {
                    write(item, json);
                }
                json.writeEndArray();
            }
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Long number -> json.writeNumber(number);
            case BigInteger number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Boolean flag -> json.writeBoolean(flag);
            default -> throw new IllegalStateException("no value of JSON: " + value.getClass());
        }
    }
}
