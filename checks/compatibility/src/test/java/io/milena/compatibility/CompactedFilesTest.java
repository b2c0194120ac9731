package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A topic that Milena has compacted, in the hands of Apache Kafka's client and of its own tool. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "tests our process, not a broker")
class CompactedFilesTest {
    private static final Pattern RECORD = Pattern.compile("\\| offset: (\\d+) .* key: (\\S+).*");

    @TempDir
    Path folder = Path.of("");

    @Test
    void clientsAndApachesDumpToolReadACompactedTopic() throws Exception {
        // Given a topic that is sealed and compacted again and again, with all codecs, tombstones and idempotent
        // producers
        Path data = folder.resolve("data");
        Map<String, String> model = new TreeMap<>();
        List<ConsumerRecord<String, String>> read;
        long end = 0;
        try (Distribution broker = Distribution.start(data, 0, "--set", "log.cleaner.backoff.ms=10")) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
                Map<String, String> settings = Map.of("cleanup.policy", "compact", "max.compaction.lag.ms", "1");
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(settings)))
                        .all()
                        .get();
            }
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                List<ProducerRecord<String, String>> records = new ArrayList<>();
                for (int i = 0; i < 2_000; i++) {
                    String key = "key-" + i % 300;
                    String value = i % 7 == 0 ? null : codec + " " + i;
                    records.add(new ProducerRecord<>("t", key, value));
                    model.put(key, String.valueOf(value));
                }
                BrokerUnderTest.produce(
                        records, Map.of("bootstrap.servers", broker.address(), "compression.type", codec));
                end += records.size();
                awaitCompaction(data, end);
            }
            read = readAll(broker.address());
            broker.stop();
        }

        // Then a consumer sees the latest of each key, and the tool the same records at the same offsets
        Map<String, String> latest = new TreeMap<>();
        read.forEach(record -> latest.put(record.key(), String.valueOf(record.value())));
        assertEquals(model, latest);
        assertEquals(300, read.size());
        Map<Long, String> dumped = new TreeMap<>();
        DumpTool.dump(data.resolve("t-0")).lines().forEach(line -> {
            Matcher record = RECORD.matcher(line);
            if (record.matches()) {
                dumped.put(Long.parseLong(record.group(1)), record.group(2));
            }
        });
        Map<Long, String> expected = new TreeMap<>();
        read.forEach(record -> expected.put(record.offset(), record.key()));
        assertEquals(expected, dumped);
    }

    private static void awaitCompaction(Path data, long offset) throws IOException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        List<String> wanted = List.of("t 0 " + offset);
        Path checkpoint = data.resolve("cleaner-offset-checkpoint");
        while (!Files.exists(checkpoint) || !Files.readAllLines(checkpoint).containsAll(wanted)) {
            assertTrue(System.nanoTime() < deadline, "nothing is compacted");
            Thread.onSpinWait();
        }
    }

    private static List<ConsumerRecord<String, String>> readAll(String address) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of("bootstrap.servers", address))) {
            TopicPartition partition = new TopicPartition("t", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            return new ArrayList<>(BrokerUnderTest.poll(consumer, ignored -> consumer.position(partition) >= end));
        }
    }
}
