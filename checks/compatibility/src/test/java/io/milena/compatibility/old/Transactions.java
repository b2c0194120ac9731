package io.milena.compatibility.old;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * {@code Transactions BOOTSTRAP INPUT OUTPUT GROUP}: moves the records of one topic to another exactly once, aborting every third transaction and doing it again, is then fenced, and prints "ok". Uses
 * only what the client had in 2.8.
 */
public final class Transactions {
    private static final int COUNT = 60;

    private Transactions() {}

    public static void main(String[] arguments) throws Exception {
        String bootstrap = arguments[0];
        TopicPartition input = new TopicPartition(arguments[1], 0);
        String output = arguments[2];
        String group = arguments[3];
        System.out.println(
                KafkaProducer.class.getProtectionDomain().getCodeSource().getLocation());
        try (KafkaProducer<String, String> plain = producer(bootstrap, null)) {
            for (int i = 0; i < COUNT; i++) {
                var _ = plain.send(new ProducerRecord<>(input.topic(), 0, null, "value-" + i));
            }
        }
        boolean isFenced = false;
        try (KafkaProducer<String, String> producer = producer(bootstrap, group)) {
            producer.initTransactions();
            move(bootstrap, input, output, group, producer);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(output, 0, null, "of a zombie")).get();
            try (KafkaProducer<String, String> successor = producer(bootstrap, group)) {
                successor.initTransactions();
                producer.commitTransaction();
            } catch (ProducerFencedException e) {
                isFenced = true;
            }
        }
        List<String> moved = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap, group)) {
            consumer.assign(List.of(new TopicPartition(output, 0), new TopicPartition(output, 1)));
            consumer.seekToBeginning(consumer.assignment());
            for (int round = 0; round < 300 && moved.size() < COUNT; round++) {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> moved.add(each.value()));
            }
            consumer.poll(Duration.ofMillis(500)).forEach(each -> moved.add(each.value()));
        }
        boolean isRight =
                isFenced && moved.size() == COUNT && moved.stream().distinct().count() == COUNT;
        System.out.println(isRight ? "ok" : "fenced " + isFenced + ", moved " + moved);
    }

    private static void move(
            String bootstrap,
            TopicPartition input,
            String output,
            String group,
            KafkaProducer<String, String> producer) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap, group)) {
            consumer.subscribe(List.of(input.topic()));
            int attempt = 0;
            long next = 0;
            while (next < COUNT) {
                long reached = next;
                List<ConsumerRecord<String, String>> records = new ArrayList<>();
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                if (records.isEmpty()) {
                    continue;
                }
                producer.beginTransaction();
                for (ConsumerRecord<String, String> record : records) {
                    var _ = producer.send(
                            new ProducerRecord<>(output, (int) (record.offset() % 2), null, record.value()));
                    reached = record.offset() + 1;
                }
                producer.sendOffsetsToTransaction(
                        Map.of(input, new OffsetAndMetadata(reached)), consumer.groupMetadata());
                if (attempt++ % 3 == 0) {
                    producer.abortTransaction();
                    consumer.seek(input, next);
                } else {
                    producer.commitTransaction();
                    next = reached;
                }
            }
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap, String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        if (transactionalId != null) {
            settings.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap, String group) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("isolation.level", "read_committed");
        settings.put("max.poll.records", 10);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
