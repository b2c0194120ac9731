package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.OffsetQuestions;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena consume}: prints the values of records, a line each, without a group. */
@Command(
        name = "consume",
        description =
                "Prints the values of a topic's records, a line each, as they come. Joins no group and commits nothing.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  milena consume greetings --from-beginning",
            "  milena consume orders --partition 2 --max-messages 10 --key"
        })
public final class ConsumeCommand implements Callable<Integer> {
    /** The last version in which topics go by name. */
    private static final int VERSION_MAX = 12;

    private static final int WAIT_MS = 500;
    private static final int BYTES_MAX = 8 << 20;

    @Mixin
    private Connecting to = new Connecting();

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(
            names = "--from-beginning",
            description = "Start with the oldest records. Default: with those that come from now on.")
    private boolean fromBeginning;

    @Option(names = "--partition", paramLabel = "N", description = "Read one partition only.")
    private @Nullable Integer partition;

    @Option(names = "--max-messages", paramLabel = "N", description = "End after so many records.")
    private long max = Long.MAX_VALUE;

    @Option(names = "--until-end", description = "End when all records that were there at the start are printed.")
    private boolean untilEnd;

    @Option(names = "--key", description = "Print the key and a tab before the value.")
    private boolean withKey;

    private long printed;

    @Override
    public Integer call() throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (ClusterClient client = to.connect()) {
            MetadataResponseTopic described = client.topic(topic);
            OffsetQuestions offsets = new OffsetQuestions(client, topic);
            Map<Integer, Long> positions = new TreeMap<>();
            Map<Integer, Long> ends = new TreeMap<>();
            for (MetadataResponsePartition each : described.partitions()) {
                if (partition == null || partition == each.partitionIndex()) {
                    long end = offsets.latest(each);
                    positions.put(each.partitionIndex(), fromBeginning ? offsets.earliest(each) : end);
                    ends.put(each.partitionIndex(), end);
                }
            }
            if (positions.isEmpty()) {
                throw new IllegalArgumentException("there is no partition " + partition + " in " + topic);
            }
            while (printed < max && !(untilEnd && isAtEnd(positions, ends))) {
                for (MetadataResponsePartition each : described.partitions()) {
                    Long position = positions.get(each.partitionIndex());
                    if (position != null && printed < max) {
                        positions.put(
                                each.partitionIndex(), fetch(client, each, position, WAIT_MS / positions.size(), out));
                    }
                }
                out.flush();
            }
        }
        out.flush();
        return 0;
    }

    private static boolean isAtEnd(Map<Integer, Long> positions, Map<Integer, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), Long.MAX_VALUE) >= end.getValue());
    }

    /** Prints what is there from {@code position} on; the position behind it. */
    private long fetch(ClusterClient client, MetadataResponsePartition from, long position, int waitMs, PrintStream out)
            throws IOException {
        FetchRequest request = FetchRequest.builder()
                .maxWaitMs(waitMs)
                .minBytes(1)
                .maxBytes(BYTES_MAX)
                .sessionEpoch(-1)
                .topics(List.of(FetchTopic.builder()
                        .topic(topic)
                        .partitions(List.of(FetchPartition.builder()
                                .partition(from.partitionIndex())
                                .fetchOffset(position)
                                .partitionMaxBytes(BYTES_MAX)
                                .build()))
                        .build()))
                .build();
        FetchResponse response = client.sendToLeader(from, request, VERSION_MAX, FetchResponse.class);
        ClusterClient.check(response.errorCode(), topic);
        PartitionData data = response.responses().getFirst().partitions().getFirst();
        if (data.errorCode() == ErrorCode.OFFSET_OUT_OF_RANGE.code()) {
            return new OffsetQuestions(client, topic).earliest(from);
        }
        ClusterClient.check(data.errorCode(), "partition " + from.partitionIndex() + " of " + topic);
        return data.records() instanceof Payload.InMemory(ByteBuffer bytes) ? print(bytes, position, out) : position;
    }

    private long print(ByteBuffer bytes, long position, PrintStream out) {
        long next = position;
        for (RecordBatch batch : RecordBatches.of(bytes)) {
            if (!batch.isControl()) {
                for (Record record : batch.records()) {
                    if (record.offset() >= position && printed < max) {
                        out.println(withKey ? text(record.key()) + "\t" + text(record.value()) : text(record.value()));
                        printed++;
                    }
                }
            }
            next = batch.nextOffset();
        }
        return next;
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
