package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.OffsetQuestions;
import io.milena.cli.client.PartitionReader;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.Record;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
        description = "Prints the values of a topic's records, a line each, as they come. Joins no group and commits"
                + " nothing.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  milena consume greetings --from-beginning",
            "  milena consume orders --partition 2 --offset 1000 --max-messages 10 --key",
            "  milena consume orders --from-beginning --until-end > orders.txt"
        })
public final class ConsumeCommand implements Callable<Integer> {
    private static final int OUTPUT_BYTES = 64 * 1024;
    private static final int WAIT_MS = 500;

    @Mixin
    private Connecting to = new Connecting();

    @Mixin
    private Output output = new Output();

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
            List<PartitionReader> readers = new ArrayList<>();
            Map<Integer, Long> ends = new TreeMap<>();
            for (MetadataResponsePartition each : described.partitions()) {
                if (partition == null || partition == each.partitionIndex()) {
                    long end = offsets.latest(each);
                    readers.add(new PartitionReader(client, topic, each, start.offset(offsets, each, end)));
                    ends.put(each.partitionIndex(), end);
                }
            }
            if (readers.isEmpty()) {
                throw new CommandFailure("there is no partition " + partition + " in " + topic + "; it has "
                        + described.partitions().size());
            }
            print(readers, ends, out);
        }
        return 0;
    }

    private void print(List<PartitionReader> readers, Map<Integer, Long> ends, OutputStream out) throws IOException {
        long begin = position(readers);
        long end = ends.values().stream().mapToLong(Long::longValue).sum();
        try (Bar bar = terminal.barBesideOutput(untilEnd ? end - begin : 0)) {
            while (printed < max
                    && !readers.stream().allMatch(each -> isAtEnd(each, ends))
                    && !terminal.out().checkError()) {
                for (PartitionReader each : readers) {
                    if (printed < max && !isAtEnd(each, ends)) {
                        print(each, out, WAIT_MS / readers.size());
                    }
                }
                out.flush();
                bar.show(position(readers) - begin);
            }
        }
    }

    /** In all of them together. */
    private static long position(List<PartitionReader> readers) {
        return readers.stream().mapToLong(PartitionReader::position).sum();
    }

    private boolean isAtEnd(PartitionReader reader, Map<Integer, Long> ends) {
        return untilEnd && reader.position() >= ends.getOrDefault(reader.index(), 0L);
    }

    private void print(PartitionReader reader, OutputStream out, int waitMs) throws IOException {
        for (Record record : reader.read(waitMs)) {
            if (printed < max && output.isJson()) {
                out.write((RecordLine.json(reader, record) + "\n").getBytes(StandardCharsets.UTF_8));
                printed++;
            } else if (printed < max) {
                print(record, out);
                printed++;
            }
        }
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
