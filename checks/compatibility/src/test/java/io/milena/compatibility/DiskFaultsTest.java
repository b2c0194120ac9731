package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The built Milena on real disks that are full, read-only or forbidden, and in a process that may open few files. */
@EnabledIfSystemProperty(named = "milena.oracle", matches = "^$", disabledReason = "tests our process, not a broker")
@EnabledOnOs(value = OS.LINUX, disabledReason = "file systems are mounted with Linux's namespaces")
class DiskFaultsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    Path folder = Path.of("");

    private static Map<String, Object> at(Distribution broker) {
        return Map.of("bootstrap.servers", broker.address());
    }

    private static void createTopic(Distribution broker, int partitions) throws Exception {
        try (Admin admin = Admin.create(at(broker))) {
            admin.createTopics(List.of(new NewTopic("t", partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** What a producer is told that does not try again. */
    private static String refusal(Distribution broker) {
        try (KafkaProducer<String, String> once = BrokerUnderTest.producer(Map.of(
                "bootstrap.servers", broker.address(), "enable.idempotence", false, "acks", "1", "retries", 0))) {
            once.send(new ProducerRecord<>("t", "probe")).get();
            return "";
        } catch (ExecutionException e) {
            return assertInstanceOf(KafkaStorageException.class, e.getCause()).getMessage();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything that is there, by offset. */
    private static Map<Long, String> read(Distribution broker) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(at(broker))) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            Map<Long, String> values = new TreeMap<>();
            for (ConsumerRecord<String, String> record :
                    BrokerUnderTest.poll(consumer, ignored -> consumer.position(PARTITION) >= end)) {
                values.put(record.offset(), record.value().split(" ")[0]);
            }
            return values;
        }
    }

    private static void assertThere(Map<Long, Integer> acknowledged, Map<Long, String> read, long from) {
        acknowledged.forEach((offset, number) -> {
            if (offset >= from) {
                assertEquals(Integer.toString(number), read.get(offset), "offset " + offset);
            }
        });
        List<String> numbers =
                read.values().stream().filter(value -> !value.equals("probe")).toList();
        assertEquals(numbers.size(), new HashSet<>(numbers).size(), "doubled");
    }

    /** Consumers note where they are. */
    private static void commit(Distribution broker, long offset) {
        try (KafkaConsumer<String, String> member =
                BrokerUnderTest.consumer(Map.of("bootstrap.servers", broker.address(), "group.id", "readers"))) {
            member.commitSync(Map.of(PARTITION, new OffsetAndMetadata(offset)));
            assertEquals(
                    offset, member.committed(Set.of(PARTITION)).get(PARTITION).offset());
        }
    }

    private static void fillWithForeignFile(Path file) throws IOException {
        byte[] block = new byte[4096];
        assertThrows(IOException.class, () -> {
            try (OutputStream out = Files.newOutputStream(file)) {
                while (true) {
                    out.write(block);
                }
            }
        });
    }

    @Test
    void aFullDiskRefusesAndTheSameProducerGoesOnWhenThereIsSpace() throws Exception {
        // Given a broker on a disk of 64 MiB, and a producer that never stops
        Path disk = Files.createDirectory(folder.resolve("disk"));
        List<String> command = SmallDisk.mounted(
                disk,
                "size=64m",
                Distribution.command(
                        "start",
                        "--data",
                        disk.resolve("data").toString(),
                        "--port",
                        "0",
                        "--set",
                        "log.segment.bytes=1048576"));
        try (Distribution broker = Distribution.start(command)) {
            createTopic(broker, 1);
            try (NumberedProducer producer = new NumberedProducer(broker.address(), "t")) {
                // When the disk is short of space
                BrokerUnderTest.await(
                        "somebody is refused", () -> refusal(broker).contains("short of space"));
                String refusal = refusal(broker);
                // Then producing is refused, with the reason, before the disk is full, and consuming goes on
                assertTrue(refusal.contains(disk.toString()) && refusal.contains(" are the reserve"), refusal);
                assertTrue(
                        Files.getFileStore(broker.inside(disk)).getUsableSpace() > 1 << 20, "the reserve is used up");
                assertThere(producer.acknowledged(), read(broker), 0);

                commit(broker, 7);

                // When somebody else fills the rest to the last byte, and records are deleted
                fillWithForeignFile(broker.inside(disk).resolve("foreign"));
                assertTrue(!refusal(broker).isEmpty());
                Map<Long, Integer> before = producer.acknowledged();
                assertThere(before, read(broker), 0);
                long deleted = before.size() / 2;
                try (Admin admin = Admin.create(at(broker))) {
                    admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(deleted)))
                            .all()
                            .get();
                }
                // Then the same producer goes on by itself
                int enough = before.size() + 1000;
                BrokerUnderTest.await(
                        "the producer goes on", () -> producer.acknowledged().size() >= enough);
                Map<Long, Integer> acknowledged = producer.finish();
                assertThere(acknowledged, read(broker), deleted);
            }
            assertTrue(broker.log().contains("is short of space"), broker.log());
            assertTrue(broker.log().contains("has space again"), broker.log());
            assertTrue(!broker.log().contains("goes offline"), broker.log());
        }
    }

    @Test
    void fewOpenFilesAreEnoughForManyPartitions() throws Exception {
        // Given a process that may open 128 files, and 300 partitions
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 128; exec \"$@\"", "sh"));
        command.addAll(Distribution.command(
                "start", "--port", "0", "--data", folder.resolve("data").toString()));
        try (Distribution broker = Distribution.start(command)) {
            createTopic(broker, 300);
            List<ProducerRecord<String, String>> records = IntStream.range(0, 3000)
                    .mapToObj(i -> new ProducerRecord<String, String>("t", i % 300, null, Integer.toString(i)))
                    .toList();
            // When
            BrokerUnderTest.produce(records, at(broker));
            occupy(broker);
            BrokerUnderTest.produce(records, at(broker));
            // Then
            try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(at(broker))) {
                consumer.assign(IntStream.range(0, 300)
                        .mapToObj(i -> new TopicPartition("t", i))
                        .toList());
                assertEquals(6000, BrokerUnderTest.poll(consumer, 6000).size());
            }
            assertTrue(broker.log().contains("This process may open 128 files"), broker.log());
            assertTrue(!broker.log().contains("goes offline"), broker.log());
        }
    }

    /** So many connections that the broker can accept no more, and then none of them. */
    private static void occupy(Distribution broker) throws IOException {
        List<SocketChannel> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                connections.add(SocketChannel.open(new InetSocketAddress("localhost", broker.port())));
            }
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
        }
    }

    private static void assertRefusesToStart(List<String> command, String message) {
        ExternalProgram.Result result = ExternalProgram.run(command);
        assertEquals("milena: " + message + "\n", result.errors());
        assertEquals(1, result.exit());
    }

    private static List<String> start(Path data) {
        return Distribution.command("start", "--port", "0", "--data", data.toString());
    }

    @Test
    void aReadOnlyDiskIsRefusedInOneLine() throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assertRefusesToStart(
                SmallDisk.mounted(disk, "ro", start(disk)),
                "the data directory " + disk + " cannot be used: Read-only file system");
    }

    @Test
    void aDirectoryWithoutRightsIsRefusedInOneLine() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"), PosixFilePermissions.asFileAttribute(Set.of()));
        List<String> command =
                new ArrayList<>(List.of("unshare", "--user")); // where even root has no more rights than others
        List<String> attempt = new ArrayList<>(command);
        attempt.add("true");
        SmallDisk.assumePossible(attempt);
        command.addAll(start(data));
        assertRefusesToStart(command, "the data directory " + data + " cannot be used: this user may not write to it");
    }

    @Test
    void aFileIsRefusedAsADirectoryInOneLine() throws IOException {
        Path data = Files.createFile(folder.resolve("data"));
        assertRefusesToStart(start(data), "the data directory " + data + " is a file");
    }
}
