package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.protocol.Payload;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.Compression;
import io.milena.records.RecordBatchBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena produce}: each line of input becomes a record, forced to disk before the command ends. */
@Command(
        name = "produce",
        description =
                "Sends each line of standard input, or of a file, as a record, and waits until all are acknowledged (acks=all).",
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

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int TIMEOUT_MS = 30_000;

    @Mixin
    private Connecting to = new Connecting();

    @Parameters(paramLabel = "TOPIC", description = "Created if it is missing and the broker allows it.")
    private String topic = "";

    @Option(names = "--file", paramLabel = "FILE", description = "Read lines from a file. Default: standard input.")
    private @Nullable Path file;

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "What separates the key from the value in a line. Default: lines have no keys.")
    private @Nullable String keySeparator;

    @Option(names = "--partition", paramLabel = "N", description = "Send everything to one partition.")
    private @Nullable Integer partition;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            defaultValue = "none",
            description = "none, gzip, snappy, lz4 or zstd. Default: none.")
    private String compression = "none";

    private long count;
    private int roundRobin;

    @Override
    public Integer call() throws IOException {
        Compression codec = Compression.named(compression);
        if (codec == null) {
            throw new IllegalArgumentException("'" + compression + "' is not one of none, gzip, snappy, lz4, zstd");
        }
        try (ClusterClient client = to.connect();
                BufferedReader lines = file == null
                        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        : Files.newBufferedReader(file)) {
            MetadataResponseTopic described = client.createOrFind(topic);
            Map<Integer, RecordBatchBuilder> open = new TreeMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int target = append(line, described.partitions().size(), open, codec);
                RecordBatchBuilder batch = open.get(target);
                if (batch != null && batch.sizeInBytes() > BATCH_BYTES) {
                    send(client, described.partitions().get(target), open.remove(target));
                    roundRobin++;
                }
                count++;
            }
            for (Map.Entry<Integer, RecordBatchBuilder> rest : open.entrySet()) {
                send(client, described.partitions().get(rest.getKey()), rest.getValue());
            }
        }
        System.err.println(count + " record(s) acknowledged");
        return 0;
    }

    private int append(String line, int partitions, Map<Integer, RecordBatchBuilder> open, Compression codec) {
        int cut = keySeparator == null ? -1 : line.indexOf(keySeparator);
        ByteBuffer key = cut < 0 ? null : StandardCharsets.UTF_8.encode(line.substring(0, cut));
        String value = cut < 0 || keySeparator == null ? line : line.substring(cut + keySeparator.length());
        int target = partition != null
                ? partition
                : key == null ? roundRobin % partitions : Murmur2.partition(key, partitions);
        if (target < 0 || target >= partitions) {
            throw new IllegalArgumentException("there is no partition " + target + "; the topic has " + partitions);
        }
        open.computeIfAbsent(target, _ -> new RecordBatchBuilder().compression(codec))
                .append(System.currentTimeMillis(), key, StandardCharsets.UTF_8.encode(value));
        return target;
    }

    private void send(ClusterClient client, MetadataResponsePartition partition, @Nullable RecordBatchBuilder batch)
            throws IOException {
        if (batch == null) {
            return;
        }
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(TIMEOUT_MS)
                .topicData(List.of(TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(new PartitionProduceData(
                                partition.partitionIndex(),
                                new Payload.InMemory(batch.build().buffer()))))
                        .build()))
                .build();
        ProduceResponse response = client.sendToLeader(partition, request, VERSION_MAX, ProduceResponse.class);
        var result = response.responses().getFirst().partitionResponses().getFirst();
        ClusterClient.check(
                result.errorCode(), "partition " + partition.partitionIndex() + " of " + topic, result.errorMessage());
    }
}
