package io.milena.cli;

import io.milena.cli.client.PartitionReader;
import io.milena.records.Record;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record that was read, in one line for programs. */
final class RecordLine {
    private RecordLine() {}

    static String json(PartitionReader reader, Record record) {
        Map<String, Object> all = Json.fields(
                "topic", reader.topic(),
                "partition", reader.index(),
                "offset", record.offset(),
                "timestamp", record.timestampMs());
        all.put("key", text(record.key()));
        all.put("value", text(record.value()));
        all.put(
                "headers",
                record.headers().stream()
                        .map(each -> {
                            Map<String, Object> header = Json.fields("name", each.key());
                            header.put("value", text(each.value()));
                            return header;
                        })
                        .toList());
        return Json.of(all);
    }

    /** As UTF-8. */
    static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
