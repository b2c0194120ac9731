package io.milena.embedded;

import io.milena.runtime.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The one partition that tests of clusters write to, with numbers in their order, as unmodified clients see it. */
final class Orders {
    static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int LOOKS_MAX = 3_000;
    private static final long PAUSE_NS = 10_000_000;

    private Orders() {}

    static Admin admin(MilenaCluster cluster) {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
    }

    static KafkaProducer<String, String> producer(MilenaCluster cluster) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer());
    }

    /** One after the other, each acknowledged. */
    static void send(KafkaProducer<String, String> producer, int from, int to) throws Exception {
        for (int number = from; number < to; number++) {
            producer.send(new ProducerRecord<>(PARTITION.topic(), "key", Integer.toString(number)))
                    .get();
        }
    }

    static List<String> numbers(int to) {
        return IntStream.range(0, to).mapToObj(Integer::toString).toList();
    }

    static List<String> read(MilenaCluster cluster, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            List<String> values = new ArrayList<>();
            while (values.size() < count) {
                consumer.poll(Duration.ofSeconds(10)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    static TopicPartitionInfo describe(Admin admin) {
        try {
            return admin.describeTopics(List.of(PARTITION.topic()))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).sorted().toList();
    }

    static TopicPartitionInfo await(Admin admin, Predicate<TopicPartitionInfo> condition) {
        for (int look = 0; look < LOOKS_MAX; look++) {
            TopicPartitionInfo now = describe(admin);
            if (condition.test(now)) {
                return now;
            }
            Clock.system().parkUntil(Clock.system().nanos() + PAUSE_NS);
        }
        throw new AssertionError("the partition does not come to that: " + describe(admin));
    }

    /** Looks again and again; what goes on in the brokers makes what is waited for come. */
    static void await(BooleanSupplier condition, String otherwise) {
        for (int look = 0; look < LOOKS_MAX; look++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Clock.system().parkUntil(Clock.system().nanos() + PAUSE_NS);
        }
        throw new AssertionError(otherwise);
    }
}
