package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.Payload;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.records.Compression;
import io.milena.records.Murmur2;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code milena produce}: each line of input becomes a record, forced to disk before the command ends. */
@Command(
        name = "produce",
        description =
                "Sends each line of standard input, or of a file, as a record as soon as no more input is there, and"
                        + " waits until all are acknowledged (acks=all).",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  echo hello | milena produce greetings",
            "  milena produce orders --key-separator : --file orders.txt"
        })
public final class ProduceCommand implements Callable<Integer> {
    /** The last version in which topics go by name. */
    private static final int VERSION_MAX = 12;

    /** Lines are cut without a look at what their bytes mean, so every byte arrives as it was. */
    private static final Charset BYTES_AS_CHARS = StandardCharsets.ISO_8859_1;

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int TIMEOUT_MS = 30_000;
    private static final int TRIES = 50;

    @Mixin
    private Connecting to = new Connecting();

    @Parameters(paramLabel = "TOPIC", description = "Created if it is missing and the broker allows it.")
    private String topic = "";

    @Option(names = "--file", paramLabel = "FILE", description = "Read lines from a file. Default: standard input.")
    private @Nullable Path file;

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            converter = SeparatorConverter.class,
            description = {
                "What separates the key from the value in a line; a line without it has no key.",
                "Default: lines have no keys."
            })
    private @Nullable String keySeparator;

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = {
                "Send everything to one partition.",
                "Default: that of the key as Kafka's clients choose it; without keys one after another, 64 KiB each."
            })
    private @Nullable Integer partition;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            defaultValue = "none",
            converter = CodecConverter.class,
            description = "none, gzip, snappy, lz4 or zstd. Default: none.")
    private Compression codec = Compression.NONE;

    /** Partitions that another broker leads than at first. */
    private final Map<Integer, MetadataResponsePartition> leaders = new TreeMap<>();

    private long acknowledged;
    private int roundRobin;

    private final Terminal terminal;

    ProduceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (ClusterClient client = to.connect();
                Bar bar = terminal.bar(file == null ? 0 : Files.size(file));
                BufferedReader lines = new BufferedReader(new InputStreamReader(input(), BYTES_AS_CHARS))) {
            MetadataResponseTopic described = client.createOrFind(topic);
            Map<Integer, RecordBatchBuilder> open = new TreeMap<>();
            long read = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                append(line, client, described, open);
                read += line.length() + 1;
                bar.show(read);
                if (!lines.ready()) {
                    sendAll(client, described, open);
                }
            }
            sendAll(client, described, open);
        } catch (IOException | RuntimeException e) {
            if (acknowledged > 0) {
                terminal.err().println(acknowledged + " record(s) acknowledged before it failed");
            }
            throw e;
        }
        terminal.err().println(acknowledged + " record(s) acknowledged");
        return 0;
    }

    private InputStream input() throws IOException {
        return file == null ? terminal.in() : Files.newInputStream(file);
    }

    /** Sends the batch first in which the line has no room, so that a line that is too large takes no others with it. */
    private void append(
            String line, ClusterClient client, MetadataResponseTopic described, Map<Integer, RecordBatchBuilder> open)
            throws IOException {
        String separator =
                keySeparator == null ? null : new String(keySeparator.getBytes(StandardCharsets.UTF_8), BYTES_AS_CHARS);
        int cut = separator == null ? -1 : line.indexOf(separator);
        ByteBuffer key = cut < 0 ? null : BYTES_AS_CHARS.encode(line.substring(0, cut));
        String value = cut < 0 || separator == null ? line : line.substring(cut + separator.length());
        int target = target(key, described.partitions().size());
        RecordBatchBuilder full = open.get(target);
        if (full != null && full.sizeInBytes() + line.length() > BATCH_BYTES) {
            open.remove(target);
            send(client, described.partitions().get(target), full);
            roundRobin += key == null ? 1 : 0;
            target = target(key, described.partitions().size());
        }
        open.computeIfAbsent(target, _ -> new RecordBatchBuilder().compression(codec))
                .append(System.currentTimeMillis(), key, BYTES_AS_CHARS.encode(value));
    }

    private int target(@Nullable ByteBuffer key, int partitions) {
        if (partition != null) {
            if (partition < 0 || partition >= partitions) {
                throw new CommandFailure(
                        "there is no partition " + partition + " in " + topic + "; it has " + partitions);
            }
            return partition;
        }
        return key == null ? roundRobin % partitions : Murmur2.partition(key, partitions);
    }

    private void sendAll(ClusterClient client, MetadataResponseTopic described, Map<Integer, RecordBatchBuilder> open)
            throws IOException {
        for (Map.Entry<Integer, RecordBatchBuilder> batch : open.entrySet()) {
            send(client, described.partitions().get(batch.getKey()), batch.getValue());
        }
        open.clear();
    }

    private void send(ClusterClient client, MetadataResponsePartition partition, RecordBatchBuilder batch)
            throws IOException {
        RecordBatch built = batch.build();
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(TIMEOUT_MS)
                .topicData(List.of(TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(new PartitionProduceData(
                                partition.partitionIndex(), new Payload.InMemory(built.buffer()))))
                        .build()))
                .build();
        PartitionProduceResponse result = sent(client, partition, request);
        ClusterClient.check(
                result.errorCode(), "partition " + partition.partitionIndex() + " of " + topic, result.errorMessage());
        acknowledged += built.recordCount();
    }

    /** Where another broker leads by now, that one gets it. */
    private PartitionProduceResponse sent(
            ClusterClient client, MetadataResponsePartition partition, ProduceRequest request) throws IOException {
        MetadataResponsePartition asked = leaders.getOrDefault(partition.partitionIndex(), partition);
        for (int tries = 1; ; tries++) {
            if (asked.leaderId() >= 0 || tries == TRIES) {
                PartitionProduceResponse result = client.sendToLeader(
                                asked, request, VERSION_MAX, ProduceResponse.class)
                        .responses()
                        .getFirst()
                        .partitionResponses()
                        .getFirst();
                if (!ClusterClient.isOfAnotherLeader(result.errorCode()) || tries == TRIES) {
                    return result;
                }
            }
            asked = client.nextLeader(topic, asked);
            leaders.put(partition.partitionIndex(), asked);
        }
    }

    static final class SeparatorConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.isEmpty()) {
                throw new TypeConversionException("a separator has at least one character");
            }
            return text;
        }
    }

    static final class CodecConverter implements ITypeConverter<Compression> {
        @Override
        public Compression convert(String name) {
            Compression codec = Compression.named(name);
            if (codec == null) {
                throw new TypeConversionException("'" + name + "' is not one of none, gzip, snappy, lz4, zstd");
            }
            return codec;
        }
    }
}
