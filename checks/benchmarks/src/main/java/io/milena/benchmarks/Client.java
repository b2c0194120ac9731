package io.milena.benchmarks;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the benchmarks ask of a broker from their own JVM: topics, offsets, a few records. Patient, for a broker may need minutes to answer. */
final class Client implements AutoCloseable {
    private static final int PATIENCE_MS = 600_000;

    private final String address;
    private final Admin admin;

    Client(String address) {
        this.address = address;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers",
                address,
                "default.api.timeout.ms",
                PATIENCE_MS,
                "request.timeout.ms",
                PATIENCE_MS,
                "reconnect.backoff.ms",
                20,
                "reconnect.backoff.max.ms",
                200,
                "retry.backoff.ms", // soon at first, seldom later: asking takes the broker's time too
                20,
                "retry.backoff.max.ms",
                200));
    }

    void createTopic(String topic, int partitions) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
    }

    /** Returns when every partition has answered what its end offset is, and throws if one of them does not end there. */
    void awaitEnd(String topic, int partitions, long endOffset) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions(topic, partitions).forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        endOffsets(asked).forEach((partition, found) -> {
            if (found.offset() != endOffset) {
                throw new IllegalStateException(partition + " ends at " + found.offset() + " instead of " + endOffset);
            }
        });
    }

    /** The client asks again by itself, but gives up on a topic that a broker with much to do does not know yet. */
    private Map<TopicPartition, ListOffsetsResultInfo> endOffsets(Map<TopicPartition, OffsetSpec> asked)
            throws ExecutionException, InterruptedException {
        Stopwatch stopwatch = Stopwatch.start();
        while (true) {
            try {
                return admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs(PATIENCE_MS))
                        .all()
                        .get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                        || stopwatch.seconds() * 1000 > PATIENCE_MS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /** Writes to every partition, one after another, with a producer's defaults; returns when all is acknowledged. */
    void write(Collection<String> topics, int partitions, int recordsEach, int recordBytes)
            throws ExecutionException, InterruptedException {
        byte[] value = new byte[recordBytes];
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address, "delivery.timeout.ms", PATIENCE_MS),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = topics.stream()
                    .flatMap(topic -> partitions(topic, partitions))
                    .flatMap(partition -> IntStream.range(0, recordsEach).mapToObj(i -> partition))
                    .map(partition ->
                            producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value)))
                    .toList();
            producer.flush();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private static Stream<TopicPartition> partitions(String topic, int partitions) {
        return IntStream.range(0, partitions).mapToObj(index -> new TopicPartition(topic, index));
    }

    @Override
    public void close() {
        admin.close();
    }
}
