package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.protocol.message.ListDeletedTopicsRequest;
import io.milena.protocol.message.ListDeletedTopicsResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One broker, whose days pass when the test says so, with unmodified clients. */
@Timeout(60)
class MilenaInVirtualTimeTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    @Test
    void retentionDeletesWhatAWeekMadeOld() throws Exception {
        try (World world = new World(VirtualTime.running());
                KafkaProducer<String, String> producer = world.producer(Map.of())) {
            world.createTopic(Map.of("retention.ms", "604800000"));
            producer.send(new ProducerRecord<>("orders", "old")).get();

            world.time.advance(Duration.ofDays(6));
            assertEquals(0, world.offset(OffsetSpec.earliest()));
            world.time.advance(Duration.ofDays(2));

            assertEquals(1, world.offset(OffsetSpec.earliest()));
            assertEquals(1, world.offset(OffsetSpec.latest()));
        }
    }

    @Test
    void aRecordOfTheBrokersTimeIsYoung() throws Exception {
        try (World world = new World(VirtualTime.running());
                KafkaProducer<String, String> producer = world.producer(Map.of())) {
            world.createTopic(Map.of("retention.ms", "604800000"));
            world.time.advance(Duration.ofDays(30));
            long nowMs = world.time.now().toEpochMilli();
            producer.send(new ProducerRecord<>("orders", 0, nowMs, null, "young"))
                    .get();
            world.time.advance(Duration.ofDays(1));
            assertEquals(0, world.offset(OffsetSpec.earliest()));
        }
    }

    @Test
    void theSessionOfAMemberThatIsSilentEnds() throws Exception {
        try (World world = new World(VirtualTime.held());
                // Its heartbeats come once an hour: it is as silent as one that hangs.
                KafkaConsumer<String, String> consumer = world.consumer(Map.of(
                        "group.id", "shop",
                        "session.timeout.ms", "1500000",
                        "heartbeat.interval.ms", "400000"))) {
            world.createTopic(Map.of());
            consumer.subscribe(List.of("orders"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(100));
            }
            assertEquals(1, world.members("shop").size());

            world.time.advance(Duration.ofMinutes(24));
            assertEquals(1, world.members("shop").size());
            world.time.advance(Duration.ofMinutes(2));

            assertEquals(List.of(), world.members("shop"));
        }
    }

    @Test
    void aTransactionTimesOut() throws Exception {
        try (World world = new World(VirtualTime.held());
                KafkaProducer<String, String> producer =
                        world.producer(Map.of("transactional.id", "till", "transaction.timeout.ms", 60_000))) {
            world.createTopic(Map.of());
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "never")).get();

            world.time.advance(Duration.ofSeconds(59));
            assertEquals(TransactionState.ONGOING, world.transaction("till"));
            world.time.advance(Duration.ofSeconds(11));

            assertEquals(TransactionState.COMPLETE_ABORT, world.transaction("till"));
            assertThrows(RuntimeException.class, producer::commitTransaction);
        }
    }

    @Test
    void aDeletedTopicLeavesTheTrashAfterADay() throws Exception {
        try (World world = new World(VirtualTime.running())) {
            world.createTopic(Map.of());
            world.admin.deleteTopics(List.of("orders")).all().get();
            assertEquals(1, world.deletedTopics());

            world.time.advance(Duration.ofHours(23));
            assertEquals(1, world.deletedTopics());
            world.time.advance(Duration.ofHours(2));

            assertEquals(0, world.deletedTopics());
        }
    }

    /** A broker in a time, and who asks it. */
    private static final class World implements AutoCloseable {
        private final VirtualTime time;
        private final Milena milena;
        private final Admin admin;

        World(VirtualTime time) {
            this.time = time;
            this.milena = Milena.configure().time(time).start();
            this.admin = Admin.create(Map.of("bootstrap.servers", milena.bootstrapServers()));
        }

        void createTopic(Map<String, String> settings) throws Exception {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1).configs(settings)))
                    .all()
                    .get();
        }

        KafkaProducer<String, String> producer(Map<String, Object> more) {
            return new KafkaProducer<>(with(more), new StringSerializer(), new StringSerializer());
        }

        KafkaConsumer<String, String> consumer(Map<String, Object> more) {
            return new KafkaConsumer<>(with(more), new StringDeserializer(), new StringDeserializer());
        }

        private Map<String, Object> with(Map<String, Object> more) {
            Map<String, Object> all = new HashMap<>(more);
            all.put("bootstrap.servers", milena.bootstrapServers());
            return all;
        }

        long offset(OffsetSpec which) throws Exception {
            return admin.listOffsets(Map.of(PARTITION, which))
                    .partitionResult(PARTITION)
                    .get()
                    .offset();
        }

        List<MemberDescription> members(String group) throws Exception {
            ConsumerGroupDescription described =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            return described == null ? List.of() : List.copyOf(described.members());
        }

        TransactionState transaction(String id) throws Exception {
            return admin.describeTransactions(List.of(id)).description(id).get().state();
        }

        int deletedTopics() throws Exception {
            return milena.broker
                    .localApi()
                    .ask(new ListDeletedTopicsRequest(), ListDeletedTopicsResponse.class)
                    .topics()
                    .size();
        }

        @Override
        public void close() {
            admin.close();
            milena.close();
        }
    }
}
