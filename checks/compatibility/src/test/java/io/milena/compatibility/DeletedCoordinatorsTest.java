package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.embedded.Milena;
import io.milena.embedded.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An administrator deletes the topics of the coordinators while a broker, which is alone, works with them: it has new ones as soon as somebody asks. */
@Timeout(180)
class DeletedCoordinatorsTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final VirtualTime time = VirtualTime.running();
    private Milena broker;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = Milena.configure()
                .time(time)
                .topic("orders", 1)
                .set("transaction.state.log.num.partitions", "4")
                .set("offsets.topic.num.partitions", "4")
                .start();
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    private KafkaProducer<String, String> begun(String id) {
        KafkaProducer<String, String> producer = BrokerUnderTest.producer(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id));
        producer.initTransactions();
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>("orders", 0, null, id));
        producer.flush();
        return producer;
    }

    @Test
    void producersGoOnAndWhatWasOpenIsReported() throws Exception {
        KafkaProducer<String, String> hangs = begun("hangs");
        delete("__transaction_state");
        try (KafkaProducer<String, String> next = begun("next")) {
            next.commitTransaction();
        }
        BrokerUnderTest.await("it is reported", () -> {
            time.advance(Duration.ofMinutes(1));
            return metrics()
                    .lines()
                    .anyMatch(line ->
                            line.startsWith("milena_hanging_transaction_age_seconds{topic=\"orders\",partition=\"0\""));
        });
        hangs.close(Duration.ZERO);
    }

    private String metrics() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI metrics = URI.create(broker.console() + "/metrics");
            return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void groupsGoOn() throws Exception {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "group.id", "group", "enable.auto.commit", false))) {
            consumer.assign(List.of(PARTITION));
            consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(1)));
            delete("__consumer_offsets");
            consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(2)));
            assertEquals(2, consumer.committed(Set.of(PARTITION)).get(PARTITION).offset());
        }
    }
}
