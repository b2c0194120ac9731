package io.milena.compatibility.streams;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/**
 * {@code Application count|join BOOTSTRAP ID STATE-FOLDER OUTPUT INPUT...}: a Kafka Streams application with {@code exactly_once_v2} that runs until its standard input ends, or until it is killed. Its state is in memory, so
 * that whoever comes after it restores it from the broker.
 */
public final class Application {
    private Application() {}

    public static void main(String[] arguments) throws IOException {
        List<String> inputs = Arrays.asList(arguments).subList(5, arguments.length);
        StreamsBuilder builder = new StreamsBuilder();
        if (arguments[0].equals("count")) {
            count(builder, inputs.getFirst(), arguments[4]);
        } else {
            join(builder, inputs, arguments[4]);
        }
        Topology topology = builder.build();
        try (KafkaStreams streams = new KafkaStreams(topology, settings(arguments[1], arguments[2], arguments[3]))) {
            streams.setUncaughtExceptionHandler(e -> {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
                throw new IllegalStateException(e);
            });
            streams.start();
            System.in.read();
            streams.close(Duration.ofSeconds(10));
        }
    }

    /** Every count of every word, one after the other. */
    private static void count(StreamsBuilder builder, String lines, String counts) {
        builder.<String, String>stream(lines)
                .flatMapValues(line -> List.of(line.split(" ")))
                .groupBy((key, word) -> word)
                .count()
                .toStream()
                .to(counts, Produced.with(Serdes.String(), Serdes.Long()));
    }

    /** Every pair of values with the same key. */
    private static void join(StreamsBuilder builder, List<String> sides, String pairs) {
        KStream<String, String> left = builder.stream(sides.getFirst());
        KStream<String, String> right = builder.stream(sides.getLast());
        left.join(
                        right,
                        (one, other) -> one + "+" + other,
                        JoinWindows.ofTimeDifferenceWithNoGrace(Duration.ofHours(1)))
                .to(pairs);
    }

    private static Properties settings(String bootstrap, String id, String state) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("application.id", id);
        settings.put("state.dir", state);
        settings.put("processing.guarantee", "exactly_once_v2");
        settings.put("default.key.serde", Serdes.StringSerde.class);
        settings.put("default.value.serde", Serdes.StringSerde.class);
        settings.put("dsl.store.suppliers.class", BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
        // Each update is sent on, and little is done in each transaction, so that a kill finds one that is open.
        settings.put("statestore.cache.max.bytes", 0);
        settings.put("commit.interval.ms", 100);
        settings.put("consumer.max.poll.records", 20);
        // Whoever comes after one that was killed takes its place at once, and waits for its transaction to time out.
        settings.put("consumer.group.instance.id", "one");
        settings.put("producer.transaction.timeout.ms", 4_000);
        Properties properties = new Properties();
        properties.putAll(settings);
        return properties;
    }
}
