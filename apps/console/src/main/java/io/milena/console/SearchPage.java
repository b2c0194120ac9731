package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.console.search.RecordFilter;
import io.milena.console.search.ScanPosition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/topics/{topic}/search}: the records of a topic for which something is true, as events, with how far it is. Ended by the reader, who may go on from any event. */
final class SearchPage implements Page {
    static final List<String> QUERY = Filters.and("partition", "limit", "maxBytes", "position");

    private static final int HITS = 100;
    private static final int HITS_MAX = 10_000;
    private static final long PROGRESS_MS = 250;

    private final Cluster cluster;
    private final Clock clock;
    private final Threads threads;

    SearchPage(Cluster cluster, Clock clock, Threads threads) {
        this.cluster = cluster;
        this.clock = clock;
        this.threads = threads;
    }

    @Override
    public Response answer(Request request) throws BadRequest {
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        RecordFilter filter = Filters.of(request);
        RecordJson shown = RecordJson.of(request);
        int limit = (int) request.number("limit", HITS, 1, HITS_MAX);
        Scan scan = new Scan(
                cluster,
                clock,
                threads,
                topic,
                ChosenPartitions.of(request.list("partition"), topic),
                filter,
                position(request));
        return Response.events(events -> new Search(scan, shown, limit, events).run());
    }

    /** A reader whose connection broke goes on where it was. */
    static @Nullable ScanPosition position(Request request) throws BadRequest {
        String last = request.lastEventId();
        return position(last.isEmpty() ? request.query("position") : last);
    }

    static @Nullable ScanPosition position(@Nullable String text) throws BadRequest {
        return text == null
                ? null
                : ScanPosition.parse(text)
                        .orElseThrow(() -> new BadRequest(400, "position must be one that a search has told."));
    }

    /** One search. */
    private final class Search implements Scan.Listener {
        private final Scan scan;
        private final RecordJson shown;
        private final int limit;
        private final EventStream events;
        private final long begin = clock.nanos();
        private int hits;
        private Deadline nextProgress = Deadline.afterMs(clock, PROGRESS_MS);

        Search(Scan scan, RecordJson shown, int limit, EventStream events) {
            this.scan = scan;
            this.shown = shown;
            this.limit = limit;
            this.events = events;
        }

        void run() throws BadRequest, IOException, InterruptedException {
            boolean isDone = scan.run(this);
            events.send("end", scan.position().toString(), json -> {
                json.writeStartObject();
                json.writeStringField("reason", isDone ? "done" : "limit");
                write(json);
                json.writeEndObject();
            });
        }

        @Override
        public boolean found(int partition, RecordReader.Read read) throws IOException {
            hits++;
            events.send("record", scan.position().toString(), json -> shown.write(null, partition, read, json));
            return hits < limit;
        }

        @Override
        public void goesOn() throws IOException {
            if (nextProgress.isPast()) {
                events.send("progress", scan.position().toString(), json -> {
                    json.writeStartObject();
                    write(json);
                    json.writeEndObject();
                });
                nextProgress = Deadline.afterMs(clock, PROGRESS_MS);
            }
        }

        private void write(JsonGenerator json) throws IOException {
            json.writeStringField("position", scan.position().toString());
            json.writeNumberField("scannedRecords", scan.scannedRecords());
            json.writeNumberField("scannedBytes", scan.scannedBytes());
            json.writeNumberField("totalRecords", scan.total());
            json.writeNumberField("hits", hits);
            json.writeNumberField("elapsedMs", (clock.nanos() - begin) / 1_000_000);
            json.writeNumberField("fraction", scan.fraction());
        }
    }
}
