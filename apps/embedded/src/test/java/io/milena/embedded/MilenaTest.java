package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MilenaTest {
    @Test
    void oneLineGivesABrokerThatKeepsRecords() throws Exception {
        try (Milena milena = Milena.start()) {
            produce(milena, "greetings", "hello");
            assertEquals("hello", read(milena, "greetings"));
        }
    }

    /** Programs start and close one for each of their tests. */
    @Test
    void aClosedBrokerLeavesNothingInMemory() throws Exception {
        WeakReference<Object> closed = startAndClose();
        for (int round = 0; closed.get() != null && round < 100; round++) {
            System.gc();
            Thread.onSpinWait();
        }
        assertNull(closed.get(), "something still holds a closed broker");
    }

    private static WeakReference<Object> startAndClose() throws Exception {
        try (Milena milena = Milena.start()) {
            produceInATransaction(milena, "greetings", "hello");
            assertEquals("hello", read(milena, "greetings"));
            return new WeakReference<>(milena.broker);
        }
    }

    private static void produceInATransaction(Milena milena, String topic, String value) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", milena.bootstrapServers(), "transactional.id", "id"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>(topic, value));
            producer.commitTransaction();
        }
    }

    @Test
    void severalBrokersInOneJvmKnowNothingOfEachOther() throws Exception {
        try (Milena first = Milena.start();
                Milena second = Milena.start()) {
            assertNotEquals(first.port(), second.port());
            try (Admin ofFirst = admin(first);
                    Admin ofSecond = admin(second)) {
                ofFirst.createTopics(List.of(new NewTopic("only-in-first", 1, (short) 1)))
                        .all()
                        .get();
                assertTrue(ofFirst.listTopics().names().get().contains("only-in-first"));
                assertFalse(ofSecond.listTopics().names().get().contains("only-in-first"));
            }
        }
    }

    @Test
    void dataInAFolderOfTheCallerOutlivesTheBroker(@TempDir Path folder) throws Exception {
        try (Milena before = Milena.configure().data(folder).start()) {
            produce(before, "kept", "still here");
        }
        try (Milena after = Milena.configure().data(folder).start()) {
            assertEquals("still here", read(after, "kept"));
        }
    }

    @Test
    void anUnknownSettingIsRefusedByName() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> Milena.configure().set("no.such.setting", "1").start());
        assertTrue(String.valueOf(refused.getMessage()).contains("no.such.setting"));
    }

    private static Admin admin(Milena milena) {
        return Admin.create(Map.of("bootstrap.servers", milena.bootstrapServers()));
    }

    private static void produce(Milena milena, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", milena.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static String read(Milena milena, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", milena.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            return consumer.poll(Duration.ofSeconds(10)).iterator().next().value();
        }
    }
}
