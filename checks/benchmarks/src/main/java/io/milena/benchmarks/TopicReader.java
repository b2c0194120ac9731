package io.milena.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** {@code TopicReader ADDRESS TOPIC PARTITIONS}: reads a topic once from its beginning to its end; prints a line when the first records have come, and the MiB/s in the end. */
final class TopicReader {
    private TopicReader() {}

    public static void main(String[] arguments) {
        List<TopicPartition> partitions = IntStream.range(0, Integer.parseInt(arguments[2]))
                .mapToObj(index -> new TopicPartition(arguments[1], index))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", arguments[0]), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long left = ends.values().stream().mapToLong(Long::longValue).sum();
            long bytes = 0;
            Stopwatch stopwatch = Stopwatch.start();
            boolean isFirst = true;
            while (left > 0) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                if (isFirst && !records.isEmpty()) {
                    System.out.println("reading");
                    isFirst = false;
                }
                for (ConsumerRecord<byte[], byte[]> each : records) {
                    bytes += each.serializedValueSize();
                }
                left -= records.count();
            }
            System.out.println(bytes / stopwatch.seconds() / (1 << 20));
        }
    }
}
