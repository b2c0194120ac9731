package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A race inside {@code kafka-clients} 4.4, which meets every broker: the producer's thread that sends may ask for the end of a transaction before
 * it has sent the records, and so end a transaction that the coordinator does not know of yet. {@link HeldSender} makes it happen each time.
 */
@Timeout(120)
class EarlyEndTest {
    private final String topic = BrokerUnderTest.newTopic(1);
    private final String id = BrokerUnderTest.freshName("id");

    private KafkaProducer<String, String> producer() {
        KafkaProducer<String, String> producer = BrokerUnderTest.producer(Map.of("transactional.id", id));
        producer.initTransactions();
        return producer;
    }

    private void begin(KafkaProducer<String, String> producer, String value) {
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>(topic, 0, null, value));
    }

    private void commit(KafkaProducer<String, String> producer, String value) {
        begin(producer, value);
        producer.flush();
        producer.commitTransaction();
    }

    @Test
    void aCommitThatOvertakesItsRecordsIsRefusedAndNothingOfItIsSeen() {
        KafkaProducer<String, String> producer = producer();
        HeldSender sender = HeldSender.of(producer);
        commit(producer, "before");

        sender.hold(producer); // it has seen that there are no records to wait for
        begin(producer, "overtaken");
        CompletableFuture<Void> commit = new CompletableFuture<>();
        Thread application = Thread.ofPlatform().start(() -> {
            try {
                producer.commitTransaction();
                commit.complete(null);
            } catch (RuntimeException e) {
                commit.completeExceptionally(e);
            }
        });
        BrokerUnderTest.await(
                "the application to wait for its commit",
                () -> application.getState() == Thread.State.TIMED_WAITING || commit.isDone());
        sender.release();

        CompletionException refused = assertThrows(CompletionException.class, commit::join);
        assertInstanceOf(InvalidTxnStateException.class, refused.getCause());
        producer.close(Duration.ZERO);
        try (KafkaProducer<String, String> successor = producer()) {
            commit(successor, "after");
        }
        assertEquals(List.of("before", "after"), ReadCommitted.values(topic, 0, 2));
    }

    @Test
    void whoFlushesBeforeTheCommitIsNotRefused() {
        try (KafkaProducer<String, String> producer = producer()) {
            HeldSender sender = HeldSender.of(producer);
            commit(producer, "before");

            sender.hold(producer);
            begin(producer, "flushed");
            sender.release();
            producer.flush();
            producer.commitTransaction();
        }
        assertEquals(List.of("before", "flushed"), ReadCommitted.values(topic, 0, 2));
    }
}
