package io.milena.log.kafka;

import io.milena.log.kafka.KafkaPartition.Cleaned;
import io.milena.log.kafka.KafkaPartition.Sender;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.Scheduler;

/**
 * A partition of Apache Kafka that is filled with random batches and compacted now and then, from a seed: plain batches and those of three idempotent producers, whose transactions are committed, aborted or still open;
 * tombstones, all codecs, both kinds of timestamps.
 */
public final class KafkaStory implements AutoCloseable {
    public static final long TOMBSTONES_MS = 5000;
    public static final int INDEX_INTERVAL_BYTES = 200;

    private static final List<Compression> CODECS = List.of(
            Compression.NONE,
            Compression.NONE,
            Compression.gzip().build(),
            Compression.lz4().build(),
            Compression.snappy().build(),
            Compression.zstd().build());

    private final Random random;
    private final Hand time = new Hand();
    private final List<Client> clients = new ArrayList<>();
    private final int keys;
    private final int segmentBytes;
    private final KafkaPartition partition;

    /** The partition's files before and after a compaction, and what it was told and answered. */
    public record Compacted(
            Map<String, byte[]> before,
            Map<String, byte[]> after,
            Cleaned cleaned,
            long nowMs,
            long logEndOffset,
            int segmentBytes) {}

    /** A clock that stands until it is moved. */
    private static final class Hand implements Time {
        private long nowMs = 1_700_000_000_000L;

        @Override
        public long milliseconds() {
            return nowMs;
        }

        @Override
        public long nanoseconds() {
            return nowMs * 1_000_000;
        }

        @Override
        public void sleep(long ms) {
            nowMs += ms;
        }
    }

    private static final class Client {
        private final long id;
        private final boolean transactional;
        private short epoch;
        private int sequence;
        private boolean open;

        private Client(long id, boolean transactional) {
            this.id = id;
            this.transactional = transactional;
        }

        private Sender sender() {
            return new Sender(id, epoch, sequence, transactional);
        }
    }

    public KafkaStory(Path folder, long seed) throws IOException, GeneralSecurityException {
        this.random = new Random(seed);
        this.keys = 3 + random.nextInt(30);
        this.segmentBytes = 600 + random.nextInt(3000);
        boolean transactions = random.nextInt(4) > 0;
        for (int i = 1; i <= 3; i++) {
            clients.add(new Client(i, transactions && random.nextInt(4) > 0));
        }
        this.partition = new KafkaPartition(
                folder,
                segmentBytes,
                INDEX_INTERVAL_BYTES,
                TOMBSTONES_MS,
                random.nextInt(4) == 0,
                time,
                nothingByItself());
    }

    /** What Kafka would do later, deleting files above all, is never done. */
    private static Scheduler nothingByItself() {
        ScheduledFuture<?> never = (ScheduledFuture<?>) Proxy.newProxyInstance(
                KafkaStory.class.getClassLoader(),
                new Class<?>[] {ScheduledFuture.class},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? false : null);
        return (Scheduler) Proxy.newProxyInstance(
                KafkaStory.class.getClassLoader(),
                new Class<?>[] {Scheduler.class},
                (proxy, method, arguments) -> method.getReturnType() == ScheduledFuture.class ? never : null);
    }

    /** Appends some batches, lets some time go by and compacts; nothing if there was nothing to compact. */
    public Optional<Compacted> next() throws IOException, GeneralSecurityException {
        int batches = 10 + random.nextInt(120);
        for (int i = 0; i < batches; i++) {
            step();
        }
        time.nowMs += random.nextInt(2 * (int) TOMBSTONES_MS);
        Map<String, byte[]> before = partition.files();
        Optional<Cleaned> cleaned = partition.clean();
        if (cleaned.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Compacted(
                before, partition.files(), cleaned.get(), time.nowMs, partition.logEndOffset(), segmentBytes));
    }

    private void step() throws IOException {
        time.nowMs += random.nextInt(20);
        Compression codec = CODECS.get(random.nextInt(CODECS.size()));
        int who = random.nextInt(clients.size() + 1);
        if (who == clients.size()) {
            partition.append(codec, Sender.NONE, records());
            return;
        }
        Client client = clients.get(who);
        if (client.open && random.nextInt(4) == 0) {
            end(client);
            return;
        }
        List<SimpleRecord> records = records();
        partition.append(codec, client.sender(), records);
        client.sequence += records.size();
        client.open = client.transactional;
    }

    /** Since KIP-890 each end raises the epoch; before, it stayed. */
    private void end(Client client) throws IOException {
        boolean raises = random.nextBoolean();
        if (raises) {
            client.epoch++;
            client.sequence = 0;
        }
        partition.end(client.sender(), raises ? 2 : 0, random.nextBoolean());
        client.open = false;
    }

    private List<SimpleRecord> records() {
        List<SimpleRecord> records = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            byte[] key = ("key-" + random.nextInt(keys)).getBytes(StandardCharsets.UTF_8);
            byte[] value =
                    random.nextInt(5) == 0 ? null : ("value-" + random.nextInt(1000)).getBytes(StandardCharsets.UTF_8);
            records.add(new SimpleRecord(time.nowMs - random.nextInt(50), key, value));
        }
        return records;
    }

    @Override
    public void close() {
        partition.close();
    }
}
