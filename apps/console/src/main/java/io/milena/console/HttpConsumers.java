package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.Uuids;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The consumers that programs have opened over HTTP. One of which nothing is heard for five minutes is closed. */
final class HttpConsumers {
    private static final System.Logger LOG = System.getLogger(HttpConsumers.class.getName());
    private static final int CONSUMERS_MAX = 100;
    private static final long IDLE_NANOS = 300L * 1_000_000_000;
    private static final int SESSION_MS = 30_000;
    private static final int SESSION_MIN_MS = 6_000;
    private static final int SESSION_MAX_MS = 1_800_000;
    private static final int BEATS = 3;
    /** As Kafka's consumers: whoever joins waits until the others have heard of it. */
    private static final int BEAT_MAX_MS = 3000;

    private static final int LIMIT = 100;
    private static final int WAIT_MAX_MS = 60_000;
    private static final int FETCH_BYTES = 1 << 20;

    private final Cluster cluster;
    private final Clock clock;
    private final Threads threads;
    private final Map<String, HttpConsumer> consumers = new ConcurrentHashMap<>();

    HttpConsumers(Cluster cluster, Clock clock, Threads threads) {
        this.cluster = cluster;
        this.clock = clock;
        this.threads = threads;
    }

    /** {@code POST /api/v1/groups/{group}/consumers}. */
    Page.Response open(Request request) throws BadRequest, IOException {
        Fields body = request.body().only("topics", "from", "isolation", "sessionTimeoutMs");
        String group = request.part("group");
        List<String> topics = body.texts("topics");
        if (topics.isEmpty()) {
            throw new BadRequest(400, "topics must name at least one topic.");
        }
        for (String topic : topics) {
            cluster.topic(topic);
        }
        String from = body.has("from") ? body.textNeeded("from") : "latest";
        if (!from.equals("earliest") && !from.equals("latest")) {
            throw new BadRequest(400, "from must be earliest or latest.");
        }
        Isolation isolation = Isolation.named(body.has("isolation") ? body.textNeeded("isolation") : "read_committed");
        if (isolation == null) {
            throw new BadRequest(400, "isolation must be read_committed or read_uncommitted.");
        }
        int sessionMs = (int) body.number("sessionTimeoutMs", SESSION_MS, SESSION_MIN_MS, SESSION_MAX_MS);
        if (consumers.size() >= CONSUMERS_MAX) {
            throw new BadRequest(429, "There are " + CONSUMERS_MAX + " consumers already; close one.");
        }
        HttpConsumer consumer = new HttpConsumer(
                cluster,
                clock,
                group,
                new GroupMembership(cluster, group, topics, sessionMs),
                from.equals("earliest") ? Offsets.EARLIEST : Offsets.LATEST,
                isolation);
        consumer.begin();
        String id = Uuids.text(Uuids.random(Environment.system().random()));
        consumers.put(id, consumer);
        threads.start("http-consumer", () -> live(id, consumer, Math.min(sessionMs / BEATS, BEAT_MAX_MS)));
        return Json.answer(201, json -> {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField(
                    "url",
                    "/api/v1/groups/"
                            + URLEncoder.encode(group, StandardCharsets.UTF_8).replace("+", "%20") + "/consumers/"
                            + id);
            json.writeEndObject();
        });
    }

    private void live(String id, HttpConsumer consumer, long everyMs) {
        try {
            while (consumers.get(id) == consumer) {
                clock.sleepMs(everyMs);
                if (consumer.idleNanos() > IDLE_NANOS) {
                    consumers.remove(id);
                    consumer.close();
                } else if (consumers.get(id) == consumer) {
                    beat(consumer);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BadRequest e) {
            LOG.log(Level.DEBUG, "A consumer over HTTP ended: {0}", e.detail());
        }
    }

    /** A broker that does not answer now may answer the next time. */
    private static void beat(HttpConsumer consumer) {
        try {
            consumer.beat();
        } catch (BadRequest e) {
            LOG.log(Level.DEBUG, "A consumer over HTTP could not be kept alive: {0}", e.detail());
        }
    }

    private HttpConsumer consumer(Request request) throws BadRequest {
        HttpConsumer consumer = consumers.get(request.part("consumer"));
        if (consumer == null || !consumer.groupId().equals(request.part("group"))) {
            throw new BadRequest(
                    404, "There is no such consumer; it may have been closed because nothing was heard of it.");
        }
        return consumer;
    }

    /** {@code .../consumers/{consumer}/records}. */
    Page.Response poll(Request request) throws BadRequest, IOException {
        int limit = (int) request.number("limit", LIMIT, 1, RecordsPage.LIMIT_MAX);
        long waitMs = request.number("waitMs", 1000, 0, WAIT_MAX_MS);
        RecordJson shown = RecordJson.whole(request);
        List<HttpConsumer.Given> given = consumer(request).poll(limit, waitMs, FETCH_BYTES);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("records");
            for (HttpConsumer.Given each : given) {
                shown.write(each.topic(), each.partition(), each.read(), json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** {@code .../consumers/{consumer}/stream}: the same as events, each batch committed behind it where that is asked for. */
    Page.Response stream(Request request) throws BadRequest {
        HttpConsumer consumer = consumer(request);
        RecordJson shown = RecordJson.whole(request);
        boolean isCommitted = request.isOn("commit");
        return Page.Response.events(events -> {
            while (true) {
                for (HttpConsumer.Given each : consumer.poll(LIMIT, 1000, FETCH_BYTES)) {
                    events.send("record", null, json -> shown.write(each.topic(), each.partition(), each.read(), json));
                }
                events.keepAlive();
                if (isCommitted) {
                    consumer.commit();
                }
            }
        });
    }

    /** {@code POST .../consumers/{consumer}/commit}. */
    Page.Response commit(Request request) throws BadRequest, IOException {
        request.body().only();
        Map<String, Map<Integer, Long>> committed = consumer(request).commit();
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("offsets");
            for (Map.Entry<String, Map<Integer, Long>> topic : committed.entrySet()) {
                write(topic.getKey(), topic.getValue(), json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(String topic, Map<Integer, Long> offsets, JsonGenerator json) throws IOException {
        for (Map.Entry<Integer, Long> each : offsets.entrySet()) {
            json.writeStartObject();
            json.writeStringField("topic", topic);
            json.writeNumberField("partition", each.getKey());
            json.writeNumberField("committedOffset", each.getValue());
            json.writeEndObject();
        }
    }

    /** {@code DELETE .../consumers/{consumer}}. */
    Page.Response close(Request request) throws BadRequest {
        HttpConsumer consumer = consumer(request);
        consumers.remove(request.part("consumer"));
        consumer.close();
        return Page.Response.done();
    }
}
