package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.embedded.Milena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The coordinator is restarted in the middle of a transaction; its client goes on. */
class TransactionRestartTest {
    @TempDir
    Path data = Path.of("");

    private Milena start(int port) {
        return Milena.configure().data(data).port(port).start();
    }

    @Test
    void anOpenTransactionGoesOnAfterARestart() {
        Milena first = start(0);
        int port = first.port();
        try (KafkaProducer<String, String> producer = producer(first)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "before");

            first.close();
            Milena second = start(port);
            try {
                send(producer, "after");
                producer.commitTransaction();
                producer.beginTransaction();
                send(producer, "aborted");
                producer.abortTransaction();
                assertEquals(List.of("before", "after"), committed(second));
            } finally {
                second.close();
            }
        }
    }

    @Test
    void aTransactionOfADeadProducerIsAbortedAfterARestart() {
        Milena first = start(0);
        KafkaProducer<String, String> dead = producer(first);
        dead.initTransactions();
        dead.beginTransaction();
        send(dead, "of the dead");
        first.close();
        Milena second = start(first.port());
        try (KafkaProducer<String, String> successor = producer(second)) {
            successor.initTransactions();
            successor.beginTransaction();
            send(successor, "of the successor");
            successor.commitTransaction();
            assertEquals(List.of("of the successor"), committed(second));
        } finally {
            dead.close(Duration.ZERO);
            second.close();
        }
    }

    /** The member of the group goes on too: of both protocols, the group is there again as it was. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void offsetsOfAnOpenTransactionAreCommittedAfterARestart(String protocol) {
        TopicPartition partition = new TopicPartition("in", 0);
        Milena first = start(0);
        int port = first.port();
        try (KafkaProducer<String, String> producer = producer(first);
                KafkaConsumer<String, String> member = member(first, protocol)) {
            producer.initTransactions();
            member.subscribe(List.of("in"));
            while (member.assignment().isEmpty()) {
                member.poll(Duration.ofMillis(50));
            }
            member.position(partition); // so that none of its questions is on its way, whose answer it would take
            ConsumerGroupMetadata before = member.groupMetadata();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), before);

            first.close();
            Milena second = start(port);
            try {
                assertThrows(TimeoutException.class, () -> member.committed(Set.of(partition), Duration.ofSeconds(1)));
                producer.commitTransaction();
                assertEquals(
                        7, member.committed(Set.of(partition)).get(partition).offset());
                producer.beginTransaction();
                producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(8)), before);
                producer.commitTransaction();
                assertEquals(
                        8, member.committed(Set.of(partition)).get(partition).offset());
            } finally {
                second.close();
            }
        }
    }

    private static KafkaConsumer<String, String> member(Milena broker, String protocol) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "group",
                        "group.protocol",
                        protocol,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static KafkaProducer<String, String> producer(Milena broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "id"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(KafkaProducer<String, String> producer, String value) {
        var _ = producer.send(new ProducerRecord<>("topic", 0, null, value));
        producer.flush();
    }

    private static List<String> committed(Milena broker) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("topic", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<String> values = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> values.add(each.value()));
            }
            return values;
        }
    }
}
