package io.milena.compatibility;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The transactional producer of librdkafka, the C library beneath kcat and the clients of most languages, called in this process: kcat itself knows no transactions, but comes with the library. One
 * object is one {@code rd_kafka_t}; for one thread.
 */
@SuppressWarnings("restricted")
final class RdKafkaProducer implements AutoCloseable {
    /** RD_KAFKA_RESP_ERR__FENCED. */
    static final int FENCED = -144;

    private static final int PRODUCER = 0;
    private static final int COPY = 2;
    private static final int TEXT = 512;
    private static final int PATIENCE_MS = 30_000;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = library();
    private static final Map<String, MethodHandle> FUNCTIONS = new HashMap<>();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment client;
    private final Map<String, MemorySegment> topics = new HashMap<>();

    /** What librdkafka answers instead of success. */
    record Failure(int code, boolean isFatal, boolean isToBeAborted, String text) {}

    RdKafkaProducer(Map<String, String> settings) {
        MemorySegment text = arena.allocate(TEXT);
        MemorySegment conf = pointer("rd_kafka_conf_new");
        settings.forEach((name, value) -> {
            if (number("rd_kafka_conf_set", conf, string(name), string(value), text, (long) TEXT) != 0) {
                throw new IllegalArgumentException(text.getString(0));
            }
        });
        this.client = pointer("rd_kafka_new", PRODUCER, conf, text, (long) TEXT);
        if (client.equals(MemorySegment.NULL)) {
            throw new IllegalArgumentException(text.getString(0));
        }
    }

    @Nullable
    Failure init() {
        return failure(pointer("rd_kafka_init_transactions", client, PATIENCE_MS));
    }

    @Nullable
    Failure begin() {
        return failure(pointer("rd_kafka_begin_transaction", client));
    }

    @Nullable
    Failure commit() {
        return failure(pointer("rd_kafka_commit_transaction", client, PATIENCE_MS));
    }

    @Nullable
    Failure abort() {
        return failure(pointer("rd_kafka_abort_transaction", client, PATIENCE_MS));
    }

    /** Takes a record; whether it arrives, the commit says. */
    void send(String topic, int partition, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        try (Arena call = Arena.ofConfined()) {
            MemorySegment where = topics.computeIfAbsent(
                    topic, name -> pointer("rd_kafka_topic_new", client, string(name), MemorySegment.NULL));
            MemorySegment payload = call.allocate(bytes.length);
            payload.copyFrom(MemorySegment.ofArray(bytes));
            int result = number(
                    "rd_kafka_produce",
                    where,
                    partition,
                    COPY,
                    payload,
                    (long) bytes.length,
                    MemorySegment.NULL,
                    0L,
                    MemorySegment.NULL);
            if (result != 0) {
                throw new IllegalStateException("librdkafka does not take a record: " + number("rd_kafka_last_error"));
            }
        }
    }

    /** Answers 0, or the error. */
    int flush() {
        return number("rd_kafka_flush", client, PATIENCE_MS);
    }

    @Nullable
    Failure sendOffset(String group, TopicPartition partition, long offset) {
        MemorySegment offsets = pointer("rd_kafka_topic_partition_list_new", 1);
        MemorySegment topic = string(partition.topic());
        pointer("rd_kafka_topic_partition_list_add", offsets, topic, partition.partition());
        number("rd_kafka_topic_partition_list_set_offset", offsets, topic, partition.partition(), offset);
        MemorySegment metadata = pointer("rd_kafka_consumer_group_metadata_new", string(group));
        Failure failure =
                failure(pointer("rd_kafka_send_offsets_to_transaction", client, offsets, metadata, PATIENCE_MS));
        nothing("rd_kafka_consumer_group_metadata_destroy", metadata);
        nothing("rd_kafka_topic_partition_list_destroy", offsets);
        return failure;
    }

    private static @Nullable Failure failure(MemorySegment error) {
        if (error.equals(MemorySegment.NULL)) {
            return null;
        }
        MemorySegment text = pointer("rd_kafka_error_string", error).reinterpret(TEXT);
        Failure failure = new Failure(
                number("rd_kafka_error_code", error),
                number("rd_kafka_error_is_fatal", error) != 0,
                number("rd_kafka_error_txn_requires_abort", error) != 0,
                text.getString(0));
        nothing("rd_kafka_error_destroy", error);
        return failure;
    }

    @Override
    public void close() {
        topics.values().forEach(topic -> nothing("rd_kafka_topic_destroy", topic));
        nothing("rd_kafka_destroy", client);
        arena.close();
    }

    private MemorySegment string(String text) {
        return arena.allocateFrom(text);
    }

    private static SymbolLookup library() {
        List<String> names = List.of("librdkafka.so.1", "librdkafka.dylib", "/opt/homebrew/lib/librdkafka.dylib");
        for (String name : names) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException e) {
                // Another system calls it otherwise.
            }
        }
        throw new IllegalStateException("none of " + names + " is there; kcat, which the tests need, comes with it");
    }

    private static MemorySegment pointer(String function, Object... arguments) {
        return (MemorySegment) call(function, ADDRESS, arguments);
    }

    private static int number(String function, Object... arguments) {
        return (int) call(function, JAVA_INT, arguments);
    }

    private static void nothing(String function, Object... arguments) {
        call(function, null, arguments);
    }

    /** The C types of the parameters are those of the arguments. */
    private static Object call(String function, @Nullable MemoryLayout result, Object... arguments) {
        MethodHandle handle = FUNCTIONS.computeIfAbsent(function, name -> handle(name, result, arguments));
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call " + function, e);
        }
    }

    private static MethodHandle handle(String function, @Nullable MemoryLayout result, Object... arguments) {
        MemoryLayout[] types = new MemoryLayout[arguments.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = switch (arguments[i]) {
                case Integer ignored -> JAVA_INT;
                case Long ignored -> JAVA_LONG;
                default -> ADDRESS;
            };
        }
        return LINKER.downcallHandle(
                LIBRARY.find(function).orElseThrow(),
                result == null ? FunctionDescriptor.ofVoid(types) : FunctionDescriptor.of(result, types));
    }
}
