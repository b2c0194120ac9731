package io.milena.compatibility.old;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * {@code RoundTrip BOOTSTRAP TOPIC GROUP COUNT}: produces, reads in a group, commits, and prints "ok". Uses only what the client had in 2.8.
 */
public final class RoundTrip {
    private RoundTrip() {}

    public static void main(String[] arguments) throws Exception {
        String bootstrap = arguments[0];
        String topic = arguments[1];
        int count = Integer.parseInt(arguments[3]);
        System.out.println(
                KafkaProducer.class.getProtectionDomain().getCodeSource().getLocation());

        Map<String, Object> producing = new HashMap<>();
        producing.put("bootstrap.servers", bootstrap);
        producing.put("acks", "all");
        producing.put("enable.idempotence", true);
        producing.put("compression.type", "gzip");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(producing, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, "key-" + i, "value-" + i));
            }
        }

        Map<String, Object> consuming = new HashMap<>();
        consuming.put("bootstrap.servers", bootstrap);
        consuming.put("group.id", arguments[2]);
        consuming.put("auto.offset.reset", "earliest");
        Set<String> values = new HashSet<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(consuming, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            for (int round = 0; round < 300 && values.size() < count; round++) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            consumer.commitSync();
        }
        Map<String, Object> administration = new HashMap<>();
        administration.put("bootstrap.servers", bootstrap);
        try (Admin admin = Admin.create(administration)) {
            long committed =
                    admin.listConsumerGroupOffsets(arguments[2]).partitionsToOffsetAndMetadata().get().values().stream()
                            .mapToLong(offset -> offset.offset())
                            .sum();
            System.out.println(
                    values.size() == count && committed == count
                            ? "ok"
                            : values.size() + " read, " + committed + " committed");
        }
    }
}
