package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that speak nothing but TLS, with clients and with each other, and each wants to see the other's certificate. */
@EnabledIfSystemProperty(
        named = "milena.oracle",
        matches = "^$",
        disabledReason = "starts brokers with keys of its own")
@Timeout(240)
class TlsClusterTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void brokersReplicateOverTlsAndTheCommandLineAsksThem() throws Exception {
        Credentials credentials = Credentials.make(folder, "broker");
        Path trusted = credentials.certificateFile();
        Path properties = Files.writeString(
                folder.resolve("client.properties"),
                String.join(
                        "\n",
                        "security.protocol=SSL",
                        "ssl.truststore.type=PEM",
                        "ssl.truststore.location=" + trusted,
                        "ssl.keystore.type=PKCS12",
                        "ssl.keystore.location=" + credentials.keyStore(),
                        "ssl.keystore.password=" + Credentials.PASSWORD));
        try (ProcessCluster cluster = ProcessCluster.start(
                folder,
                3,
                "offsets.topic.num.partitions=1",
                "listeners=SSL://localhost:0",
                "security.inter.broker.protocol=SSL",
                "ssl.client.auth=required",
                "ssl.keystore.type=PKCS12",
                "ssl.keystore.location=" + credentials.keyStore(),
                "ssl.keystore.password=" + Credentials.PASSWORD,
                "ssl.truststore.type=PEM",
                "ssl.truststore.location=" + trusted)) {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    cluster.addresses(),
                    "security.protocol",
                    "SSL",
                    "ssl.truststore.type",
                    "PEM",
                    "ssl.truststore.location",
                    trusted.toString(),
                    "ssl.keystore.type",
                    "PKCS12",
                    "ssl.keystore.location",
                    credentials.keyStore().toString(),
                    "ssl.keystore.password",
                    Credentials.PASSWORD);
            try (Admin admin = Admin.create(settings)) {
                admin.createTopics(List.of(
                                new NewTopic("orders", 3, (short) 3).configs(Map.of("min.insync.replicas", "3"))))
                        .all()
                        .get();
            }
            try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                for (int i = 0; i < 30; i++) {
                    producer.send(new ProducerRecord<>("orders", i % 3, null, "order " + i))
                            .get();
                }
            }
            try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
                List<TopicPartition> all = List.of(
                        new TopicPartition("orders", 0),
                        new TopicPartition("orders", 1),
                        new TopicPartition("orders", 2));
                consumer.assign(all);
                consumer.seekToBeginning(all);
                assertEquals(30, BrokerUnderTest.poll(consumer, 30).size());
            }
            String address = cluster.addresses();
            ExternalProgram.Result status = ExternalProgram.run(Distribution.command(
                    "cluster", "status", "--bootstrap-server", address, "--command-config", properties.toString()));
            status.expectSuccess();
            ExternalProgram.Result refused =
                    ExternalProgram.run(Distribution.command("cluster", "status", "--bootstrap-server", address));
            assertTrue(refused.exit() != 0);
        }
    }
}
