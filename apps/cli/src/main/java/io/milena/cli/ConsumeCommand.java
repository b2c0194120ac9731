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
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
            "  milena consume orders --partition 2 --offset 1000 --max-messages 10 --key",
            "  milena consume orders --from-beginning --until-end > orders.txt"
        })
public final class ConsumeCommand implements Callable<Integer> {
    /** The last version in which topics go by name. */
    private static final int VERSION_MAX = 12;

    private static final int OUTPUT_BYTES = 64 * 1024;
    private static final int WAIT_MS = 500;
    private static final int BYTES_MAX = 8 << 20;

    @Mixin
    private Connecting to = new Connecting();

    @Parameters(paramLabel = "TOPIC", description = "The topic to read.")
    private String topic = "";

    @ArgGroup
    private Start start = new Start();

    @Option(names = "--partition", paramLabel = "N", description = "Read one partition only. Default: all.")
    private @Nullable Integer partition;

    @Option(
            names = "--max-messages",
            paramLabel = "N",
            converter = NotNegative.class,
            description = "End after so many records. Default: never.")
    private long max = Long.MAX_VALUE;

    @Option(names = "--until-end", description = "End when all records that were there at the start are printed.")
    private boolean untilEnd;

    @Option(names = "--key", description = "Print the key and a tab before the value; 'null' where there is none.")
    private boolean withKey;

    /** Where to begin: at most one of these. */
    static final class Start {
        @Option(
                names = "--from-beginning",
                description = "Start with the oldest records. Default: with those that come from now on.")
        private boolean fromBeginning;

        @Option(
                names = "--offset",
                paramLabel = "OFFSET",
                converter = NotNegative.class,
                description = "Start with this offset in every partition that is read, or the nearest that is there.")
        private long offset = -1;

        long offset(OffsetQuestions offsets, MetadataResponsePartition partition, long end) throws IOException {
            if (!fromBeginning && offset < 0) {
                return end;
            }
            return Math.clamp(offset, offsets.earliest(partition), end);
        }
    }

    private long printed;

    private final Terminal terminal;

    ConsumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        OutputStream out = new BufferedOutputStream(terminal.out(), OUTPUT_BYTES);
        try (ClusterClient client = to.connect()) {
            MetadataResponseTopic described = client.topic(topic);
            OffsetQuestions offsets = new OffsetQuestions(client, topic);
            Map<Integer, Long> positions = new TreeMap<>();
            Map<Integer, Long> ends = new TreeMap<>();
            for (MetadataResponsePartition each : described.partitions()) {
                if (partition == null || partition == each.partitionIndex()) {
                    long end = offsets.latest(each);
                    positions.put(each.partitionIndex(), start.offset(offsets, each, end));
                    ends.put(each.partitionIndex(), end);
                }
            }
            if (positions.isEmpty()) {
                throw new CommandFailure("there is no partition " + partition + " in " + topic + "; it has "
                        + described.partitions().size());
            }
            while (printed < max
                    && !positions.entrySet().stream().allMatch(each -> isAtEnd(each.getKey(), each.getValue(), ends))
                    && !terminal.out().checkError()) {
                for (MetadataResponsePartition each : described.partitions()) {
                    Long position = positions.get(each.partitionIndex());
                    if (position != null && printed < max && !isAtEnd(each.partitionIndex(), position, ends)) {
                        positions.put(
                                each.partitionIndex(), fetch(client, each, position, WAIT_MS / positions.size(), out));
                    }
                }
                out.flush();
            }
        }
        return 0;
    }

    private boolean isAtEnd(int index, long position, Map<Integer, Long> ends) {
        return untilEnd && position >= ends.getOrDefault(index, 0L);
    }

    /** Prints what is there from {@code position} on; the position behind it. */
    private long fetch(
            ClusterClient client, MetadataResponsePartition from, long position, int waitMs, OutputStream out)
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

    private long print(ByteBuffer bytes, long position, OutputStream out) throws IOException {
        long next = position;
        for (RecordBatch batch : RecordBatches.of(bytes)) {
            if (!batch.isControl()) {
                for (Record record : batch.records()) {
                    if (record.offset() >= position && printed < max) {
                        print(record, out);
                        printed++;
                    }
                }
            }
            next = batch.nextOffset();
        }
        return next;
    }

    /** As bytes, since nobody says that they are text. */
    private void print(Record record, OutputStream out) throws IOException {
        if (withKey) {
            out.write(bytes(record.key()));
            out.write('\t');
        }
        out.write(bytes(record.value()));
        out.write('\n');
    }

    private static byte[] bytes(@Nullable ByteBuffer field) {
        if (field == null) {
            return "null".getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[field.remaining()];
        field.duplicate().get(bytes);
        return bytes;
    }
}
