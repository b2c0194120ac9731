package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.embedded.Milena;
import io.milena.embedded.MilenaCluster;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of Kafka's that say how safe groups and transactions are in a cluster, where topics have one copy unless somebody says otherwise. */
@Timeout(120)
class CoordinatorTopicsTest {
    private static final String OFFSETS = "__consumer_offsets";
    private static final String TRANSACTIONS = "__transaction_state";

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 1"})
    void theyHaveAsManyCopiesAsAskedFor(String ofAll, String ofTheirs) throws Exception {
        try (MilenaCluster cluster = Milena.configure()
                        .set("default.replication.factor", ofAll)
                        .set("offsets.topic.replication.factor", ofTheirs)
                        .set("transaction.state.log.replication.factor", ofTheirs)
                        .set("transaction.state.log.min.isr", "2")
                        .cluster(3);
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            use(cluster);
            Map<String, TopicDescription> topics = admin.describeTopics(List.of(OFFSETS, TRANSACTIONS))
                    .allTopicNames()
                    .get();
            for (TopicDescription topic : topics.values()) {
                topic.partitions()
                        .forEach(each -> assertEquals(3, each.replicas().size(), topic.toString()));
            }
            assertEquals("1", BrokerUnderTest.setting(admin, OFFSETS, "min.insync.replicas"));
            assertEquals("2", BrokerUnderTest.setting(admin, TRANSACTIONS, "min.insync.replicas"));
        }
    }

    private static void use(MilenaCluster cluster) {
        try (KafkaProducer<String, String> producer = BrokerUnderTest.producer(
                        Map.of("bootstrap.servers", cluster.bootstrapServers(), "transactional.id", "id"));
                KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(
                        Map.of("bootstrap.servers", cluster.bootstrapServers(), "group.id", "group"))) {
            producer.initTransactions();
            consumer.subscribe(List.of("topic"));
            BrokerUnderTest.settle(() -> !consumer.assignment().isEmpty(), consumer);
        }
    }
}
