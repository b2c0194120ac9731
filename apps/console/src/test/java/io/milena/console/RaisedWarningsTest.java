package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each warning of one broker, raised by what clients did to it, beside a topic or a group to which the same was done in a harmless way. */
@Timeout(120)
class RaisedWarningsTest {
    private static final String WARNINGS = "/api/v1/warnings";
    private static final long MINUTE_MS = 60_000;
    private static final int MB = 1_000_000;

    @TempDir
    private Path data;

    private final HeldTime time = new HeldTime();
    private RunningConsole running;

    /** Goes on when it is told to; whoever sleeps in it sleeps until it is interrupted, so that no sample is taken but the test's. */
    private static final class HeldTime implements Clock {
        private final long begin = System.currentTimeMillis();
        private final AtomicLong passedMs = new AtomicLong();
        private final CountDownLatch isAsleep = new CountDownLatch(1);

        @Override
        public long millis() {
            return begin + passedMs.get();
        }

        @Override
        public long nanos() {
            return passedMs.get() * 1_000_000;
        }

        @Override
        public void parkUntil(long deadlineNanos) {
            isAsleep.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park(this);
            }
        }
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        running = RunningConsole.start(data, Map.of(), new Environment(time, Threads.system(), new SecureRandom()));
        time.isAsleep.await(); // the console has taken its own sample
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private void create(String topic, int partitions, Map<String, String> settings)
            throws InterruptedException, ExecutionException {
        running.admin()
                .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                .all()
                .get();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, @Nullable String key, int bytes) {
        return new ProducerRecord<>(
                topic, partition, key == null ? null : key.getBytes(StandardCharsets.UTF_8), new byte[bytes]);
    }

    private void produce(String topic, int partition, @Nullable String key, int count)
            throws InterruptedException, ExecutionException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record(topic, partition, key, 10));
        }
        running.produce(Map.of(), records);
    }

    private void commit(String group, String topic, int partition, long offset)
            throws InterruptedException, ExecutionException {
        running.admin()
                .alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private void sampleAfter(long ms) {
        time.passedMs.addAndGet(ms);
        running.console().sampler().sample();
    }

    /** Kind, topic and group. */
    private List<String> warnings() throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        for (JsonNode each : running.get(200, WARNINGS, WARNINGS).get("warnings")) {
            all.add((each.get("kind").asText() + " " + each.path("topic").asText() + " "
                            + each.path("group").asText())
                    .strip());
        }
        return all;
    }

    @Test
    void aGroupThatFallsBehind() throws IOException, InterruptedException, ExecutionException {
        create("orders", 1, Map.of());
        for (int minute = 1; minute <= 8; minute++) {
            produce("orders", 0, "k", 50);
            commit("slow", "orders", 0, 1);
            commit("steady", "orders", 0, 50L * minute - 1);
            sampleAfter(MINUTE_MS);
        }
        assertEquals(List.of("growing-lag orders slow"), warnings());
    }

    @Test
    void aPartitionThatHasMostOfTheWork() throws IOException, InterruptedException, ExecutionException {
        create("hot", 3, Map.of());
        create("even", 3, Map.of());
        sampleAfter(MINUTE_MS);
        for (int partition = 0; partition < 3; partition++) {
            produce("hot", partition, "k", partition == 1 ? 900 : 10);
            produce("even", partition, "k", 300 + 10 * partition);
        }
        sampleAfter(10_000);
        assertEquals(List.of("hot-partition hot"), warnings());
    }

    @Test
    void recordsWithoutAKeyAmongOthersThatHaveOne() throws IOException, InterruptedException, ExecutionException {
        create("ordered", 3, Map.of());
        create("single", 1, Map.of());
        create("unordered", 3, Map.of());
        create("well-kept", 3, Map.of());
        produce("ordered", 0, "user-123", 5);
        produce("ordered", 1, null, 1);
        produce("single", 0, "user-123", 5);
        produce("single", 0, null, 5);
        produce("unordered", 0, null, 5);
        produce("well-kept", 0, "user-123", 5);
        assertEquals(List.of("no-key ordered"), warnings());
    }

    private void join(String group, String topic, int members) throws IOException, InterruptedException {
        for (int i = 0; i < members; i++) {
            running.post(
                    201,
                    "/api/v1/groups/{group}/consumers",
                    "/api/v1/groups/" + group + "/consumers",
                    "{\"topics\":[\"" + topic + "\"]}");
        }
    }

    @Test
    void fewerPartitionsThanConsumers() throws IOException, InterruptedException, ExecutionException {
        create("narrow", 1, Map.of());
        create("wide", 4, Map.of());
        produce("narrow", 0, "k", 1);
        produce("wide", 0, "k", 1);
        commit("crowd", "narrow", 0, 0);
        commit("pair", "wide", 0, 0);
        join("crowd", "narrow", 2);
        join("pair", "wide", 2);
        assertEquals(List.of("too-few-partitions narrow"), warnings());
    }

    @Test
    void fewerPartitionsThanTheMeasuredTrafficNeeds() throws IOException, InterruptedException, ExecutionException {
        create("busy", 1, Map.of());
        create("lively", 1, Map.of());
        sampleAfter(MINUTE_MS);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            records.add(record("busy", 0, "k", MB / 2));
            if (i < 16) {
                records.add(record("lively", 0, "k", MB / 2));
            }
        }
        running.produce(Map.of(), records);
        sampleAfter(1000); // 12 MB/s and 8 MB/s; the rule of thumb says 10 for a partition
        assertEquals(List.of("too-few-partitions busy"), warnings());
    }

    @Test
    void farMorePartitionsThanTheRuleSays() throws IOException, InterruptedException, ExecutionException {
        create("sprawling", 30, Map.of());
        create("roomy", 24, Map.of());
        create("used", 30, Map.of());
        produce("used", 0, "k", 1);
        commit("workers", "used", 0, 0);
        join("workers", "used", 2);
        assertEquals(List.of("too-many-partitions sprawling"), warnings());
    }

    @Test
    void retentionThatIsAboutToRemoveWhatNobodyHasRead() throws IOException, InterruptedException, ExecutionException {
        Map<String, String> hour = Map.of("retention.ms", Long.toString(60 * MINUTE_MS));
        for (String topic : List.of("late", "soon", "kept")) {
            create(topic, 1, topic.equals("kept") ? Map.of("retention.ms", "-1") : hour);
            long old = time.millis() - (topic.equals("soon") ? 20 : 55) * MINUTE_MS;
            running.produce(Map.of(), new ProducerRecord<>(topic, 0, old, new byte[] {1}, new byte[10]));
            commit("reader", topic, 0, 0);
            commit("reader-that-is-done", topic, 0, 1);
        }
        assertEquals(List.of("retention-before-read late reader"), warnings());
    }

    @Test
    void recordsThatWereRemovedBeforeTheyWereRead() throws IOException, InterruptedException, ExecutionException {
        create("orders", 1, Map.of());
        produce("orders", 0, "k", 5);
        commit("late", "orders", 0, 1);
        commit("in-time", "orders", 0, 3);
        assertTrue(warnings().isEmpty());
        running.ask(
                200,
                "DELETE",
                "/api/v1/topics/{topic}/partitions/{partition}/records",
                "/api/v1/topics/orders/partitions/0/records?beforeOffset=3",
                null);
        List<String> raised = warnings();
        while (raised.isEmpty()) { // they are gathered a second later at the earliest
            raised = warnings();
        }
        assertEquals(List.of("retention-before-read orders late"), raised);
    }
}
