package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The built Milena as a process: signals, {@code kill -9}, its data directory, and its files in the hands of Apache Kafka's own tool. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "tests our process, not a broker")
class DistributionTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aBrokerKilledInTheMiddleOfARunLosesNothingAcknowledged() throws Exception {
        // Given a producer that sends as fast as it can
        Path data = folder.resolve("data");
        int kills = 4;
        int perLife = 20_000;
        Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
        Distribution broker = Distribution.start(data, 0);
        createTopic(broker, "diary", 1);
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of(
                "bootstrap.servers", broker.address(), "retry.backoff.max.ms", 100, "delivery.timeout.ms", 120_000))) {
            // When the broker is killed again and again while records are in flight, and started anew
            for (int life = 0; life <= kills; life++) {
                int first = life * perLife;
                CountDownLatch isUnderWay = new CountDownLatch(perLife / 4);
                Thread sending = Thread.startVirtualThread(() -> {
                    for (int i = first; i < first + perLife; i++) {
                        send(producer, i, acknowledged, isUnderWay);
                    }
                });
                assertTrue(isUnderWay.await(1, TimeUnit.MINUTES), "nothing is acknowledged");
                if (life < kills) {
                    broker.kill();
                    broker = Distribution.start(data, broker.port());
                }
                sending.join();
            }
            producer.flush();
        }

        // Then everything acknowledged is there, once and in order
        List<Integer> read = read(broker.address(), "diary").stream()
                .map(record -> Integer.parseInt(record.value().split(" ")[1]))
                .toList();
        broker.close();
        Set<Integer> lost = new HashSet<>(acknowledged);
        read.forEach(lost::remove);
        assertEquals(Set.of(), lost);
        assertEquals(read.stream().sorted().distinct().toList(), read);
        assertEquals((kills + 1) * perLife, acknowledged.size());
    }

    private static void send(
            KafkaProducer<String, String> producer, int entry, Set<Integer> acknowledged, CountDownLatch isUnderWay) {
        ProducerRecord<String, String> record =
                new ProducerRecord<>("diary", "entry " + entry + " ".repeat(entry % 200));
        var _ = producer.send(record, (metadata, error) -> {
            if (error == null) {
                acknowledged.add(entry);
            }
            isUnderWay.countDown();
        });
    }

    @Test
    void sigtermStopsCleanlyAndTheDataIsThereAgain() throws Exception {
        Path data = folder.resolve("data");
        try (Distribution broker = Distribution.start(data, 0)) {
            createTopic(broker, "t", 2);
            assertEquals(143, broker.stop());
        }
        assertTrue(Files.exists(data.resolve(".kafka_cleanshutdown")));
        try (Distribution broker = Distribution.start(data, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            assertEquals(Set.of("t"), admin.listTopics().names().get());
        }
    }

    @Test
    void aDirectoryInUseIsRefused() throws IOException {
        Path data = folder.resolve("data");
        try (Distribution broker = Distribution.start(data, 0)) {
            ExternalProgram.Result second =
                    ExternalProgram.run(Distribution.command("start", "--port", "0", "--data", data.toString()));
            assertEquals(1, second.exit(), broker.address());
            assertEquals("milena: the data directory " + data + " is in use by another broker\n", second.errors());
        }
    }

    @Test
    void aWrongSettingIsRefusedByItsName() {
        ExternalProgram.Result wrong = ExternalProgram.run(
                Distribution.command("start", "--set", "num.partitions=many", "--set", "colour=green"));
        assertEquals(1, wrong.exit());
        assertTrue(wrong.errors().contains("num.partitions"), wrong.errors());
        assertTrue(wrong.errors().contains("colour"), wrong.errors());
        assertEquals(1, wrong.errors().lines().count(), wrong.errors());
    }

    @Test
    void apachesDumpToolReadsOurFiles() throws Exception {
        // Given a log with several segments, codecs, headers and idempotent producers
        Path data = folder.resolve("data");
        try (Distribution broker = Distribution.start(data, 0)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(Map.of("segment.bytes", "1048576"))))
                        .all()
                        .get();
            }
            Random random = new Random(1);
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                List<ProducerRecord<String, String>> records = IntStream.range(0, 4_000)
                        .mapToObj(i -> {
                            ProducerRecord<String, String> record = new ProducerRecord<>(
                                    "t",
                                    "key " + i,
                                    Long.toString(random.nextLong()).repeat(20));
                            record.headers().add("codec", codec.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                            return record;
                        })
                        .toList();
                BrokerUnderTest.produce(
                        records, Map.of("bootstrap.servers", broker.address(), "compression.type", codec));
            }
            broker.stop();
        }

        // When Kafka's tool reads every file, records and indexes
        List<Path> files = DumpTool.files(data.resolve("t-0"));
        assertTrue(
                files.stream().filter(file -> file.toString().endsWith(".log")).count() > 1, files.toString());
        String dump = DumpTool.dump(data.resolve("t-0"));

        // Then it sees all records
        assertEquals(
                20_000,
                dump.lines().filter(line -> line.startsWith("| offset: ")).count());
        assertEquals(
                20_000,
                dump.lines()
                        .filter(line -> line.contains("headerKeys: [codec]"))
                        .count());
        assertTrue(dump.contains("producerId: "), "no producer snapshot");
    }

    @Test
    void theCommandServesScripts() throws IOException {
        try (Distribution broker = Distribution.start(folder.resolve("data"), 0)) {
            Path lines = folder.resolve("lines");
            Files.writeString(lines, "one\ntwo\nthree\n");
            ExternalProgram.run(Distribution.command("topics", "create", "t", "-b", broker.address()))
                    .expectSuccess();
            ExternalProgram.run(Distribution.command("produce", "t", "-b", broker.address()), lines, null)
                    .expectSuccess();
            assertEquals(
                    "one\ntwo\nthree\n",
                    ExternalProgram.run(Distribution.command(
                                    "consume", "t", "--from-beginning", "--until-end", "-b", broker.address()))
                            .expectSuccess()
                            .output());
            assertEquals(
                    1,
                    ExternalProgram.run(Distribution.command("topics", "describe", "nowhere", "-b", broker.address()))
                            .exit());
            assertEquals(
                    2,
                    ExternalProgram.run(Distribution.command("topics", "shuffle"))
                            .exit());
        }
    }

    private static void createTopic(Distribution broker, String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static List<ConsumerRecord<String, String>> read(String address, String topic) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of("bootstrap.servers", address))) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ConsumerRecord<String, String>> records =
                    new ArrayList<>(BrokerUnderTest.poll(consumer, ignored -> consumer.position(partition) >= end));
            return records;
        }
    }
}
