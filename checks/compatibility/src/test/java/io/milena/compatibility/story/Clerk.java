package io.milena.compatibility.story;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * {@code Clerk BOOTSTRAP TOPIC GROUP SESSION-MS}: a member of a group that runs until it is killed. It says on standard output what it has, and what it has processed and committed: {@code has 0 2},
 * {@code did O1 2 0}.
 */
public final class Clerk {
    private Clerk() {}

    public static void main(String[] arguments) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        arguments[0],
                        "group.id",
                        arguments[2],
                        "session.timeout.ms",
                        arguments[3],
                        "heartbeat.interval.ms",
                        "500",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(arguments[1]), new Telling(consumer));
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    TopicPartition from = new TopicPartition(record.topic(), record.partition());
                    consumer.commitSync(Map.of(from, new OffsetAndMetadata(record.offset() + 1)));
                    System.out.println("did " + record.value() + " " + record.partition() + " " + record.offset());
                }
            }
        }
    }

    private record Telling(KafkaConsumer<String, String> consumer) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            System.out.println("has "
                    + consumer.assignment().stream()
                            .map(partition -> Integer.toString(partition.partition()))
                            .sorted()
                            .collect(Collectors.joining(" ")));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> taken) {
            // What it has is said when it is given.
        }
    }
}
