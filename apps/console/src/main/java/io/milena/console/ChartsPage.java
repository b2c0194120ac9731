package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.console.charts.Charts;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /api/v1/charts}: what was measured in the cluster over the last hours. */
final class ChartsPage implements Page {
    static final List<String> QUERY = List.of("name", "topic", "partition", "group", "sinceMs", "points");
    private static final int POINTS = 120;
    private static final int POINTS_MAX = 1000;
    private static final long HOUR_MS = 3_600_000;
    /** With their units. */
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("bytes-in", "bytes/s");
        NAMES.put("bytes-out", "bytes/s");
        NAMES.put("records-in", "records/s");
        NAMES.put("partition-records-in", "records/s");
        NAMES.put("lag", "records");
        NAMES.put("lag-seconds", "s");
        NAMES.put("produce-latency-p99", "ms");
        NAMES.put("fetch-latency-p99", "ms");
        NAMES.put("requests", "requests/s");
        NAMES.put("connections", "connections");
        NAMES.put("disk-used", "bytes");
    }

    private final Charts charts;
    private final Clock clock;

    ChartsPage(Charts charts, Clock clock) {
        this.charts = charts;
        this.clock = clock;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        Set<String> names = new LinkedHashSet<>(request.list("name"));
        if (names.isEmpty() || !NAMES.keySet().containsAll(names)) {
            throw new BadRequest(
                    400, "name must be one or more of " + String.join(", ", NAMES.keySet()) + ", between commas.");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : List.of("topic", "group", "partition")) {
            String value = request.query(label);
            if (value != null) {
                labels.put(label, value);
            }
        }
        long now = clock.millis();
        long since = request.number("sinceMs", now - HOUR_MS, 0, Long.MAX_VALUE);
        int points = (int) request.number("points", POINTS, 1, POINTS_MAX);
        List<Charts.Drawn> drawn = charts.draw(names, labels, Math.min(since, now), now, points);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeNumberField("timeMs", now);
            json.writeArrayFieldStart("series");
            for (Charts.Drawn each : drawn) {
                write(each, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(Charts.Drawn drawn, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", drawn.line().name());
        json.writeStringField("unit", NAMES.getOrDefault(drawn.line().name(), ""));
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : drawn.line().labels().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("stepMs", drawn.stepMs());
        json.writeArrayFieldStart("points");
        for (Charts.Point point : drawn.points()) {
            json.writeStartArray();
            json.writeNumber(point.timeMs());
            json.writeNumber(point.value());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
