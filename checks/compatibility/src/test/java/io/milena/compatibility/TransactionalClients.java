package io.milena.compatibility;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Makes unmodified clients of transactions that try again soon, so that a cluster that is well again is seen to be. */
record TransactionalClients(String bootstrapServers) {
    private static final int TRANSACTION_TIMEOUT_MS = 20_000;
    private static final long PATIENCE_SECONDS = 180;

    private Map<String, Object> impatient(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "request.timeout.ms",
                3_000,
                "retry.backoff.max.ms",
                200,
                "reconnect.backoff.max.ms",
                200));
        settings.putAll(more);
        return settings;
    }

    /** A producer that has fenced its predecessors. */
    KafkaProducer<String, String> producer(String transactionalId) {
        KafkaProducer<String, String> producer = BrokerUnderTest.producer(impatient(Map.of(
                "transactional.id",
                transactionalId,
                "transaction.timeout.ms",
                TRANSACTION_TIMEOUT_MS,
                "delivery.timeout.ms",
                TRANSACTION_TIMEOUT_MS,
                "max.block.ms",
                60_000)));
        try {
            producer.initTransactions();
            return producer;
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** A reader of committed data. */
    KafkaConsumer<String, String> reader() {
        return BrokerUnderTest.consumer(impatient(Map.of("isolation.level", "read_committed")));
    }

    /** A member of a group that reads committed data, and commits nothing by itself. */
    KafkaConsumer<String, String> member(String group, GroupProtocol protocol) {
        Map<String, Object> settings = impatient(Map.of(
                "isolation.level",
                "read_committed",
                "group.id",
                group,
                "group.protocol",
                protocol.name(),
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                20));
        if (protocol == GroupProtocol.CLASSIC) { // else the broker says so
            settings.put("session.timeout.ms", 6_000);
            settings.put("heartbeat.interval.ms", 500);
        }
        return BrokerUnderTest.consumer(settings);
    }

    /** Until readers of committed data reach the ends of the partitions. */
    void awaitNothingOpen(List<TopicPartition> partitions) {
        try (KafkaConsumer<String, String> committed = reader();
                KafkaConsumer<String, String> everything =
                        BrokerUnderTest.consumer(Map.of("bootstrap.servers", bootstrapServers))) {
            long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
            while (!committed.endOffsets(partitions).equals(everything.endOffsets(partitions))) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("a transaction stays open: " + committed.endOffsets(partitions) + " of "
                            + everything.endOffsets(partitions));
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    /** Of a send. */
    static <T> T result(Future<T> sent) throws InterruptedException {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw new KafkaException("it was not sent", e.getCause());
        }
    }
}
