package io.milena.browser;

import io.milena.broker.Broker;
import io.milena.broker.BrokerSettings;
import io.milena.console.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker with its console, and clients that bring it what there is to see. */
final class Served implements AutoCloseable {
    private final Path data;
    private final BrokerSettings settings;
    private Console console;
    private Broker broker;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;

    private Served(Path data, String... more) throws IOException {
        this.data = data;
        Map<String, String> all = new TreeMap<>(Map.of(
                "log.dirs", data.toString(),
                "listeners", "PLAINTEXT://localhost:0",
                "milena.console.listener", "http://localhost:0",
                "milena.durability", "written",
                "group.initial.rebalance.delay.ms", "0",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.num.partitions", "1"));
        for (String setting : more) {
            String[] sides = setting.split("=", 2);
            all.put(sides[0], sides[1]);
        }
        this.settings = BrokerSettings.of(all);
        this.console = Console.start(settings).orElseThrow();
        this.broker = Broker.start(settings);
        console.show(broker);
        this.admin = Admin.create(clients());
        this.producer = new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> clients() {
        return Map.of("bootstrap.servers", address());
    }

    /** Ends, lets somebody work on the files, and starts again, at another address. */
    void restart(Consumer<Path> work) {
        stop();
        work.accept(data);
        try {
            console = Console.start(settings).orElseThrow();
            broker = Broker.start(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        console.show(broker);
        admin = Admin.create(clients());
        producer = new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** @param more settings, as {@code name=value} */
    static Served start(String... more) {
        try {
            return new Served(Files.createTempDirectory("milena-browser-"), more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return console.url();
    }

    /** host:port, for clients. */
    String address() {
        return broker.address().getHostString() + ":" + broker.address().getPort();
    }

    Admin admin() {
        return admin;
    }

    void create(String topic, int partitions) {
        create(List.of(new NewTopic(topic, partitions, (short) 1)));
    }

    /** Some at a time: a thousand at once may take longer than the client waits, and it would ask again. */
    void create(List<NewTopic> topics) {
        for (int from = 0; from < topics.size(); from += 50) {
            done(admin.createTopics(topics.subList(from, Math.min(topics.size(), from + 50)))
                    .all());
        }
    }

    /** One record for each value, in partition 0. */
    void write(String topic, String... values) {
        write(Stream.of(values)
                .map(value -> new ProducerRecord<>(topic, 0, bytes("key of " + value), bytes(value)))
                .toList());
    }

    void write(ProducerRecord<byte[], byte[]> record) {
        write(List.of(record));
    }

    void write(List<ProducerRecord<byte[], byte[]>> records) {
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        producer.flush();
        sent.forEach(Served::done);
    }

    /** A group whose member has read and committed so many records of partition 0, and is gone. */
    void read(String topic, String group, int records) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            consumer.subscribe(List.of(topic));
            int seen = 0;
            while (seen < records) {
                seen += consumer.poll(Duration.ofSeconds(1)).count();
            }
            consumer.commitSync();
        }
    }

    /** Reads at most one record at a time. */
    KafkaConsumer<byte[], byte[]> consumer(String group) {
        return consumer(group, GroupProtocol.CLASSIC);
    }

    KafkaConsumer<byte[], byte[]> consumer(String group, GroupProtocol protocol) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        address(),
                        "group.id",
                        group,
                        "group.protocol",
                        protocol.name(),
                        "client.id",
                        "reader-of-" + group,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false",
                        "max.poll.records",
                        "1"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A producer with a transaction that is begun. */
    KafkaProducer<byte[], byte[]> inTransaction(String id) {
        KafkaProducer<byte[], byte[]> transactional = new KafkaProducer<>(
                Map.of("bootstrap.servers", address(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        transactional.initTransactions();
        transactional.beginTransaction();
        return transactional;
    }

    int partitions(String topic) {
        return of(done(admin.describeTopics(List.of(topic)).allTopicNames()), topic)
                .partitions()
                .size();
    }

    /** Of a topic, as it is in force. */
    String setting(String topic, String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return of(done(admin.describeConfigs(List.of(resource)).all()), resource)
                .get(name)
                .value();
    }

    /** Of partition 0. */
    long committed(String group, String topic) {
        return of(
                        done(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()),
                        new TopicPartition(topic, 0))
                .offset();
    }

    /** Of partition 0: how far readers of committed data come. */
    long committedEnd(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return of(
                        done(admin.listOffsets(
                                        Map.of(partition, OffsetSpec.latest()),
                                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .all()),
                        partition)
                .offset();
    }

    int members(String group) {
        return of(done(admin.describeConsumerGroups(List.of(group)).all()), group)
                .members()
                .size();
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalStateException("there is no " + key);
        }
        return value;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static <T> T done(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(Optional.ofNullable(e.getCause()).orElse(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Names that end in 0, 1 and so on. */
    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    @Override
    public void close() {
        stop();
        delete(data);
    }

    private void stop() {
        producer.close();
        admin.close();
        broker.close();
        console.close();
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> contents = Files.walk(folder)) {
            for (Path path : contents.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
