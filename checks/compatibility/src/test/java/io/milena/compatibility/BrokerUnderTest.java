package io.milena.compatibility;

import io.milena.embedded.Milena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The broker that the tests of one JVM talk to: an embedded Milena, or the one that {@code milena.oracle} names. Also the few lines that every test
 * needs to talk to it with {@code kafka-clients}.
 */
final class BrokerUnderTest {
    private static final @Nullable String ORACLE = System.getProperty("milena.oracle");
    private static final String RUN = Long.toString(ProcessHandle.current().pid(), 36)
            + Long.toString(
                    ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli(), 36);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private BrokerUnderTest() {}

    /** Started at first use and kept until the JVM ends; as durable as a broker that is not embedded. */
    private static final class Embedded {
        static final Milena BROKER = Milena.configure()
                .set("milena.durability", "forced")
                .set("log.retention.check.interval.ms", "200")
                .set("log.cleaner.backoff.ms", "100")
                .set("group.consumer.heartbeat.interval.ms", "200")
                .start();
    }

    static boolean isMilena() {
        return ORACLE == null || ORACLE.isEmpty();
    }

    static String address() {
        return ORACLE == null || ORACLE.isEmpty() ? Embedded.BROKER.bootstrapServers() : ORACLE;
    }

    /** A name that no other test and no other run uses. */
    static String freshName(String prefix) {
        return prefix + "-" + RUN + "-" + NAMES.incrementAndGet();
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", address()));
    }

    static String newTopic(int partitions) {
        return newTopic(partitions, Map.of());
    }

    static String newTopic(int partitions, Map<String, String> settings) {
        String name = freshName("topic");
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new AssertionError("cannot create " + name, e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return name;
    }

    static KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("bootstrap.servers", address());
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("bootstrap.servers", address());
        all.putIfAbsent("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    /** Sends {@code count} records with values 0, 1, 2, ... and the given key, and waits until all are acknowledged. */
    static void produce(String topic, @Nullable String key, int count) {
        produce(
                IntStream.range(0, count)
                        .mapToObj(i -> new ProducerRecord<String, String>(topic, key, Integer.toString(i)))
                        .toList(),
                Map.of());
    }

    static void produce(List<ProducerRecord<String, String>> records, Map<String, Object> settings) {
        try (KafkaProducer<String, String> producer = producer(settings)) {
            var acknowledgements = records.stream().map(producer::send).toList();
            producer.flush();
            for (var acknowledgement : acknowledgements) {
                acknowledgement.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("not acknowledged", e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Polls until the records so far satisfy {@code isEnough}; fails after two minutes at least. */
    static List<ConsumerRecord<String, String>> poll(
            KafkaConsumer<String, String> consumer, Predicate<List<ConsumerRecord<String, String>>> isEnough) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        for (int round = 0; round < 1_200; round++) {
            consumer.poll(java.time.Duration.ofMillis(100)).forEach(records::add);
            if (isEnough.test(records)) {
                return records;
            }
        }
        throw new AssertionError("not enough after two minutes: " + records.size() + " records");
    }

    static List<ConsumerRecord<String, String>> poll(KafkaConsumer<String, String> consumer, int count) {
        return poll(consumer, records -> records.size() >= count);
    }

    /** Polls all members of a group in turns until it is so; fails after two minutes. */
    @SafeVarargs
    static void settle(BooleanSupplier isSo, KafkaConsumer<String, String>... members) {
        await("the group to settle", () -> {
            for (KafkaConsumer<String, String> member : members) {
                member.poll(java.time.Duration.ofMillis(50));
            }
            return isSo.getAsBoolean();
        });
    }

    /** What an administrator is told that a topic has. */
    static String setting(Admin admin, String topic, String name) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value();
    }

    /** Asks again and again, with rests, until it is so; fails after five minutes. What was so once may not be so any more, and is not asked again. */
    static void await(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + 300_000_000_000L;
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not after five minutes: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
