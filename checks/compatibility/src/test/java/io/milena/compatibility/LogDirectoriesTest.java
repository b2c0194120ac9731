package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.milena.embedded.Milena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several log directories as an administrator sees them. An Apache Kafka that is to be compared needs two, too: {@code --set log.dirs=...}. */
@Timeout(180)
class LogDirectoriesTest {
    @TempDir
    private Path folder;

    private @Nullable Milena milena;
    private Map<String, Object> address = Map.of();
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        if (BrokerUnderTest.isMilena()) {
            Milena started = Milena.configure()
                    .set("log.dirs", folder.resolve("a") + "," + folder.resolve("b"))
                    .start();
            milena = started;
            address = Map.of("bootstrap.servers", started.bootstrapServers());
        } else {
            address = Map.of("bootstrap.servers", BrokerUnderTest.address());
        }
        admin = Admin.create(address);
        assumeTrue(directories().size() > 1, "one log directory only");
    }

    @AfterEach
    void stop() {
        admin.close();
        if (milena != null) {
            milena.close();
        }
    }

    private int broker() throws Exception {
        return admin.describeCluster().nodes().get().iterator().next().id();
    }

    private Map<String, LogDirDescription> directories() throws Exception {
        return new TreeMap<>(admin.describeLogDirs(List.of(broker()))
                .allDescriptions()
                .get()
                .values()
                .iterator()
                .next());
    }

    private String newTopic(int partitions) throws Exception {
        String name = BrokerUnderTest.freshName("dirs");
        create(name, partitions);
        return name;
    }

    private void create(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
    }

    private void produce(String topic, int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.copyOf(address))) {
            var sent = IntStream.range(from, to)
                    .mapToObj(i -> producer.send(new ProducerRecord<>(topic, 0, null, Integer.toString(i))))
                    .toList();
            for (var each : sent) {
                each.get();
            }
        }
    }

    private List<String> values(String topic, int count) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(address)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            return BrokerUnderTest.poll(consumer, count).stream()
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    /** The directory that has the partition, once nothing is on its way. */
    private String home(TopicPartition partition) throws Exception {
        for (int round = 0; round < 3000; round++) {
            List<String> homes = new ArrayList<>();
            boolean isMoving = false;
            for (Map.Entry<String, LogDirDescription> directory : directories().entrySet()) {
                ReplicaInfo replica = directory.getValue().replicaInfos().get(partition);
                if (replica != null) {
                    isMoving |= replica.isFuture();
                    homes.add(directory.getKey());
                }
            }
            if (homes.size() == 1 && !isMoving) {
                return homes.getFirst();
            }
        }
        throw new AssertionError(partition + " does not come to rest");
    }

    private String other(String directory) throws Exception {
        return directories().keySet().stream()
                .filter(each -> !each.equals(directory))
                .findFirst()
                .orElseThrow();
    }

    private void move(TopicPartition partition, String directory) throws Exception {
        TopicPartitionReplica replica = new TopicPartitionReplica(partition.topic(), partition.partition(), broker());
        Objects.requireNonNull(admin.alterReplicaLogDirs(Map.of(replica, directory))
                        .values()
                        .get(replica))
                .get();
    }

    private Throwable refusal(TopicPartition partition, String directory) {
        return assertThrows(ExecutionException.class, () -> move(partition, directory))
                .getCause();
    }

    @Test
    void everyDirectoryIsDescribedAndNewPartitionsAreSpread() throws Exception {
        String topic = newTopic(4);
        produce(topic, 0, 10);
        int found = 0;
        int used = 0;
        long bytes = 0;
        for (LogDirDescription directory : directories().values()) {
            assertNull(directory.error());
            assertTrue(
                    directory.totalBytes().orElse(0) > directory.usableBytes().orElse(Long.MAX_VALUE));
            int here = 0;
            for (Map.Entry<TopicPartition, ReplicaInfo> replica :
                    directory.replicaInfos().entrySet()) {
                if (replica.getKey().topic().equals(topic)) {
                    here++;
                    bytes += replica.getValue().size();
                    assertEquals(0, replica.getValue().offsetLag());
                }
            }
            found += here;
            used += here > 0 ? 1 : 0;
        }
        assertEquals(4, found);
        assertTrue(used > 1, "all partitions are in one directory");
        assertTrue(bytes > 0);
    }

    @Test
    void aPartitionMovesWithItsRecords() throws Exception {
        String topic = newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        produce(topic, 0, 100);
        for (int i = 1; i <= 2; i++) {
            String target = other(home(partition));
            move(partition, target);
            produce(topic, 100 * i, 100 * (i + 1));
            while (!home(partition).equals(target)) {} // it is where it was until it has moved
        }
        assertEquals(IntStream.range(0, 300).mapToObj(Integer::toString).toList(), values(topic, 300));
    }

    @Test
    void whatCannotBeMovedIsRefused() throws Exception {
        TopicPartition partition = new TopicPartition(newTopic(1), 0);
        assertInstanceOf(LogDirNotFoundException.class, refusal(partition, "/no/such/directory"));
        TopicPartition unknown = new TopicPartition(BrokerUnderTest.freshName("unknown"), 0);
        assertInstanceOf(LogDirNotFoundException.class, refusal(unknown, "/no/such/directory"));
        assertEquals(
                "UnknownTopicOrPartitionException",
                refusal(unknown, home(partition)).getClass().getSimpleName());
    }

    @Test
    void aNewPartitionGoesWhereItWasWished() throws Exception {
        for (String directory : directories().keySet()) {
            String topic = BrokerUnderTest.freshName("wished");
            for (int i = 0; i < 3; i++) {
                refusal(new TopicPartition(topic, i), directory);
            }
            create(topic, 3);
            for (int i = 0; i < 3; i++) {
                assertEquals(directory, home(new TopicPartition(topic, i)));
            }
        }
    }
}
