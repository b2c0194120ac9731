package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.testkit.Arbitrary;
import io.milena.testkit.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own clients and a broker whose listener is SSL, with the settings that Kafka documents. */
@EnabledIfSystemProperty(
        named = "milena.oracle",
        matches = "^$",
        disabledReason = "starts brokers with keys of its own")
@Timeout(240)
class TlsClientsTest {
    private static Credentials brokers;
    private static Credentials clients;
    private static Credentials strangers;

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void makeCredentials(@TempDir Path keys) throws IOException {
        brokers = Credentials.make(keys, "broker");
        clients = Credentials.make(keys, "client");
        strangers = Credentials.make(keys, "stranger");
    }

    private Broker start(Map<String, String> more) throws IOException {
        Map<String, String> all = new TreeMap<>(Map.of(
                "log.dirs", folder.resolve("data").toString(),
                "listeners", "SSL://localhost:0",
                "offsets.topic.num.partitions", "1",
                "group.initial.rebalance.delay.ms", "0"));
        if (!more.containsKey("ssl.keystore.type")) {
            all.putAll(brokers.keyStoreSettings());
        }
        all.putAll(more);
        return Broker.start(BrokerSettings.of(all));
    }

    private static Map<String, Object> believing(Broker broker, Credentials believed, Map<String, Object> more)
            throws IOException {
        Map<String, Object> all = new HashMap<>(Map.of(
                "bootstrap.servers",
                "localhost:" + broker.address().getPort(),
                "security.protocol",
                "SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                believed.certificate()));
        all.putAll(more);
        return all;
    }

    private static Map<String, Object> showing(Credentials own) {
        return Map.copyOf(own.keyStoreSettings());
    }

    private static void produce(Map<String, Object> settings, List<byte[]> values)
            throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>("orders", 0, null, value)).get();
            }
        }
    }

    /** By a group, as most consumers do. */
    private static List<byte[]> consume(Map<String, Object> settings, int count) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("group.id", "readers");
        all.put("auto.offset.reset", "earliest");
        all.put("max.partition.fetch.bytes", 16 << 20);
        try (var consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            List<byte[]> values = new ArrayList<>();
            for (int round = 0; round < 1_200 && values.size() < count; round++) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    private static void assertServes(Map<String, Object> settings) throws Exception {
        byte[] value = {1, 2, 3};
        produce(settings, List.of(value));
        List<byte[]> read = consume(settings, 1);
        assertArrayEquals(value, read.getFirst());
    }

    @Test
    void recordsGoInAndComeOut() throws Exception {
        try (Broker broker = start(Map.of())) {
            assertServes(believing(broker, brokers, Map.of()));
        }
    }

    @Test
    void manyMegabytesComeBackByteForByte() throws Exception {
        try (Broker broker = start(Map.of())) {
            Random random = new Random(1);
            List<byte[]> values = random.ints(24, 500_000, 1_000_000)
                    .mapToObj(size -> Arbitrary.bytes(random, size))
                    .toList();
            produce(believing(broker, brokers, Map.of()), values);
            List<byte[]> read = consume(believing(broker, brokers, Map.of()), values.size());
            assertEquals(values.size(), read.size());
            for (int i = 0; i < values.size(); i++) {
                assertArrayEquals(values.get(i), read.get(i));
            }
        }
    }

    @Test
    void aClientThatKnowsOnlyAnOlderVersionIsServed() throws Exception {
        try (Broker broker = start(Map.of())) {
            assertServes(
                    believing(broker, brokers, Map.of("ssl.protocol", "TLSv1.2", "ssl.enabled.protocols", "TLSv1.2")));
        }
    }

    @Test
    void keysMayBeTextInAFileOrInTheSettings() throws Exception {
        Path file = Files.writeString(folder.resolve("broker.pem"), brokers.encryptedKey() + brokers.certificate());
        try (Broker broker = start(Map.of(
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                file.toString(),
                "ssl.key.password",
                Credentials.PASSWORD))) {
            assertServes(believing(broker, brokers, Map.of()));
        }
        try (Broker broker = start(Map.of(
                "log.dirs",
                folder.resolve("second").toString(),
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.key",
                brokers.key(),
                "ssl.keystore.certificate.chain",
                brokers.certificate()))) {
            assertServes(believing(broker, brokers, Map.of()));
        }
    }

    private static void assertRefused(Map<String, Object> settings) {
        Map<String, Object> impatient = new HashMap<>(settings);
        impatient.put("default.api.timeout.ms", 60_000);
        try (Admin admin = Admin.create(impatient)) {
            ExecutionException refusal = assertThrows(
                    ExecutionException.class,
                    () -> admin.describeCluster().clusterId().get());
            assertInstanceOf(SslAuthenticationException.class, refusal.getCause());
        }
    }

    @Test
    void aClientThatDoesNotBelieveTheBrokerSaysSo() throws Exception {
        try (Broker broker = start(Map.of())) {
            assertRefused(believing(broker, strangers, Map.of()));
        }
    }

    @Test
    void aClientWantsTheHostThatItHasCalled() throws Exception {
        try (Broker broker = start(Map.of("listeners", "SSL://127.0.0.2:0"))) {
            Map<String, Object> settings = believing(
                    broker,
                    brokers,
                    Map.of("bootstrap.servers", "127.0.0.2:" + broker.address().getPort()));
            assertRefused(settings);
            settings.put("ssl.endpoint.identification.algorithm", "");
            assertServes(settings);
        }
    }

    @Test
    void whoMustShowACertificateIsRefusedWithout() throws Exception {
        try (Broker broker = start(Map.of(
                "ssl.client.auth",
                "required",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                clients.certificate()))) {
            assertServes(believing(broker, brokers, showing(clients)));
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                Map<String, Object> speaking = Map.of("ssl.enabled.protocols", version, "ssl.protocol", version);
                assertRefused(believing(broker, brokers, speaking));
                Map<String, Object> unknown = new HashMap<>(showing(strangers));
                unknown.putAll(speaking);
                assertRefused(believing(broker, brokers, unknown));
            }
        }
    }

    @Test
    void whoSpeaksPlainTextDoesNoHarm() throws Exception {
        try (Broker broker = start(Map.of())) {
            Map<String, Object> plain = Map.of(
                    "bootstrap.servers",
                    "localhost:" + broker.address().getPort(),
                    "default.api.timeout.ms",
                    1_000,
                    "request.timeout.ms",
                    500);
            try (Admin admin = Admin.create(plain)) {
                assertThrows(
                        ExecutionException.class,
                        () -> admin.describeCluster().clusterId().get());
            }
            assertServes(believing(broker, brokers, Map.of()));
        }
    }

    @Test
    void aListenerMayHaveAnyNameAndIsTold() throws Exception {
        try (Broker broker = start(Map.of(
                "listeners",
                "OUTSIDE://localhost:0",
                "listener.security.protocol.map",
                "OUTSIDE:SSL,SASL:SASL_SSL",
                "inter.broker.listener.name",
                "OUTSIDE"))) {
            assertServes(believing(broker, brokers, Map.of()));
        }
    }

    @Test
    void nobodyIsShownASecret() throws Exception {
        try (Broker broker = start(Map.of(
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.key",
                        brokers.encryptedKey(),
                        "ssl.keystore.certificate.chain",
                        brokers.certificate(),
                        "ssl.key.password",
                        Credentials.PASSWORD));
                Admin admin = Admin.create(believing(broker, brokers, Map.of()))) {
            ConfigResource one = new ConfigResource(ConfigResource.Type.BROKER, "1");
            Config settings = admin.describeConfigs(List.of(one)).all().get().get(one);
            for (String name : List.of("ssl.key.password", "ssl.keystore.key", "ssl.keystore.certificate.chain")) {
                ConfigEntry secret = settings.get(name);
                assertTrue(secret.isSensitive(), name);
                assertNull(secret.value(), name);
                assertTrue(secret.synonyms().stream().allMatch(synonym -> synonym.value() == null), name);
            }
            assertFalse(settings.get("ssl.keystore.type").isSensitive());
            assertEquals("PEM", settings.get("ssl.keystore.type").value());
        }
    }

    @Test
    void aReaderThatStopsInTheMiddleDoesNotStopOthers() throws Exception {
        try (Broker broker = start(Map.of())) {
            Map<String, Object> settings = believing(broker, brokers, Map.of());
            produce(settings, List.of(new byte[900_000], new byte[900_000], new byte[900_000]));
            try (var stopped =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                TopicPartition partition = new TopicPartition("orders", 0);
                stopped.assign(List.of(partition));
                stopped.seek(partition, 0);
                ConsumerRecord<byte[], byte[]> first = null;
                while (first == null) {
                    for (ConsumerRecord<byte[], byte[]> record : stopped.poll(Duration.ofMillis(100))) {
                        first = first == null ? record : first;
                    }
                }
                assertEquals(900_000, first.value().length);
                assertEquals(3, consume(settings, 3).size());
            }
        }
    }
}
