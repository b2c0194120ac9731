package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.Record;
import io.milena.records.RecordHeader;
import io.milena.runtime.Clock;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/dead-letters/{topic}/replay}: writes what could not be processed to where it came from, so that it is processed again; as events, with how far it is. The records stay where they are. Ended by the
 * reader, who may go on behind what an event has told: nothing before it is missing, and what was written behind it is written twice.
 */
final class ReplayPage implements Page {
    /** Says of a record where it lay, so that one that fails again can be told from one that is new. */
    static final String FROM_HEADER = "milena-replayed-from";
    /** Written together. */
    private static final int TOGETHER = 200;

    private final Cluster cluster;
    private final Producing producing;
    private final DeadLetters deadLetters;
    private final Clock clock;
    private final Threads threads;

    ReplayPage(Cluster cluster, Producing producing, DeadLetters deadLetters, Clock clock, Threads threads) {
        this.cluster = cluster;
        this.producing = producing;
        this.deadLetters = deadLetters;
        this.clock = clock;
        this.threads = threads;
    }

    @Override
    public Response answer(Request request) throws BadRequest {
        Fields body = request.body().only("partitions", "filters", "to", "position", "isDryRun");
        MetadataResponseTopic topic = cluster.topic(request.part("topic"));
        String to = body.text("to");
        if (to != null) {
            checked(cluster.topic(to), topic);
        }
        Scan scan = new Scan(
                cluster,
                clock,
                threads,
                topic,
                ChosenPartitions.ofNumbers(body.indexes("partitions"), topic),
                Filters.of(body.object("filters")),
                SearchPage.position(body.text("position")));
        boolean isDryRun = body.isOn("isDryRun");
        return Response.events(events -> new Replay(topic, scan, to, isDryRun, events).run());
    }

    private static MetadataResponseTopic checked(MetadataResponseTopic to, MetadataResponseTopic from)
            throws BadRequest {
        if (to.isInternal() || to.topicId().equals(from.topicId())) {
            throw new BadRequest(400, "Records of " + from.name() + " cannot be replayed to " + to.name() + ".");
        }
        return to;
    }

    /** One replay. */
    private final class Replay implements Scan.Listener {
        private final MetadataResponseTopic from;
        private final Scan scan;
        private final @Nullable String to;
        private final boolean isDryRun;
        private final EventStream events;
        private final Map<String, List<Producing.NewRecord>> waiting = new LinkedHashMap<>();
        private final Map<String, @Nullable MetadataResponseTopic> targets = new LinkedHashMap<>();
        private int waitingCount;
        private long replayed;
        private long skipped;

        Replay(MetadataResponseTopic from, Scan scan, @Nullable String to, boolean isDryRun, EventStream events) {
            this.from = from;
            this.scan = scan;
            this.to = to;
            this.isDryRun = isDryRun;
            this.events = events;
        }

        void run() throws BadRequest, IOException, InterruptedException {
            scan.run(this);
            write();
            tell("end");
        }

        @Override
        public boolean found(int partition, RecordReader.Read read) throws BadRequest, IOException {
            MetadataResponseTopic target = target(read.record());
            if (target == null) {
                skipped++;
                return true;
            }
            waiting.computeIfAbsent(Cluster.name(target), name -> new ArrayList<>())
                    .add(copy(partition, read.record(), target));
            if (++waitingCount >= TOGETHER) {
                write();
                tell("progress");
            }
            return true;
        }

        @Override
        public void goesOn() throws BadRequest, IOException {
            write();
            tell("progress");
        }

        /** Null where the record does not say, or there is no such topic any more. */
        private @Nullable MetadataResponseTopic target(Record record) throws BadRequest {
            String name = to != null ? to : DeadLetters.originalTopic(record);
            if (name == null) {
                name = deadLetters.originalName(Cluster.name(from)).orElse(null);
            }
            if (name == null) {
                return null;
            }
            if (!targets.containsKey(name)) {
                MetadataResponseTopic found = cluster.topicIfThere(name);
                targets.put(name, found == null ? null : checked(found, from));
            }
            return targets.get(name);
        }

        private Producing.NewRecord copy(int partition, Record record, MetadataResponseTopic target) {
            List<RecordHeader> headers = new ArrayList<>();
            for (RecordHeader header : record.headers()) {
                if (!DeadLetters.isReason(header) && !header.key().equals(FROM_HEADER)) {
                    headers.add(new RecordHeader(header.key(), copy(header.value())));
                }
            }
            String place = from.name() + ":" + partition + ":" + record.offset();
            headers.add(new RecordHeader(FROM_HEADER, ByteBuffer.wrap(place.getBytes(StandardCharsets.UTF_8))));
            int original = DeadLetters.originalPartition(record);
            return new Producing.NewRecord(
                    original < target.partitions().size() ? original : -1,
                    clock.millis(),
                    copy(record.key()),
                    copy(record.value()),
                    headers);
        }

        private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
            return bytes == null
                    ? null
                    : ByteBuffer.allocate(bytes.remaining())
                            .put(bytes.duplicate())
                            .flip();
        }

        private void write() throws BadRequest {
            for (Map.Entry<String, List<Producing.NewRecord>> each : waiting.entrySet()) {
                if (!isDryRun) {
                    MetadataResponseTopic now = cluster.topic(each.getKey()); // its leaders may have changed
                    for (Producing.Written written : producing.write(now, each.getValue())) {
                        if (written.error() != null) {
                            throw new BadRequest(
                                    503, "A record could not be written to " + now.name() + ": " + written.error());
                        }
                    }
                }
                replayed += each.getValue().size();
            }
            waiting.clear();
            waitingCount = 0;
        }

        private void tell(String event) throws IOException {
            events.send(event, scan.position().toString(), this::write);
        }

        private void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("position", scan.position().toString());
            json.writeNumberField("scannedRecords", scan.scannedRecords());
            json.writeNumberField("replayed", replayed);
            json.writeNumberField("skipped", skipped);
            json.writeNumberField("fraction", scan.fraction());
            json.writeEndObject();
        }
    }
}
