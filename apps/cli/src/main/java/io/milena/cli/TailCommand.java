package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.client.OffsetQuestions;
import io.milena.cli.client.PartitionReader;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.records.Record;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena tail}: follows topics and partitions, with what belongs to each record. */
@Command(
        name = "tail",
        description =
                "Follows topics or single partitions: place, time, key and value of each record as it comes, until"
                        + " Ctrl-C. Joins no group.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  milena tail orders order-events",
            "  milena tail orders:2 --last 10 --key user-123",
            "  milena tail orders --grep refused --output json"
        })
public final class TailCommand implements Callable<Integer> {
    private static final int WAIT_MS = 500;

    @Mixin
    private Connecting to = new Connecting();

    @Mixin
    private Output output = new Output();

    @Parameters(
            paramLabel = "TOPIC[:PARTITION]",
            arity = "1..*",
            description = "What to follow: whole topics, or single partitions of them.")
    private List<String> places = List.of();

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            defaultValue = "0",
            converter = NotNegative.class,
            description = "Begin with the last N offsets of each partition. Default: ${DEFAULT-VALUE}.")
    private long last;

    @Option(names = "--key", paramLabel = "TEXT", description = "Only records with this key. Default: all.")
    private @Nullable String key;

    @Option(
            names = "--grep",
            paramLabel = "TEXT",
            description = "Only records with this text in the value. Default: all.")
    private @Nullable String text;

    @Option(
            names = "--header",
            paramLabel = "NAME[=VALUE]",
            description = "Only records with this header. Default: all.")
    private @Nullable String header;

    @Option(
            names = "--max-messages",
            paramLabel = "N",
            converter = NotNegative.class,
            description = "End after so many records. Default: never.")
    private long max = Long.MAX_VALUE;

    private long printed;

    private final Terminal terminal;

    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (ClusterClient client = to.connect()) {
            List<PartitionReader> readers = new ArrayList<>();
            for (String place : places) {
                readers.addAll(readers(client, place));
            }
            while (printed < max && !terminal.out().checkError()) {
                for (PartitionReader reader : readers) {
                    for (Record record : reader.read(WAIT_MS / readers.size())) {
                        if (printed < max && isWanted(record)) {
                            terminal.out().println(line(reader, record));
                            printed++;
                        }
                    }
                }
            }
        }
        return 0;
    }

    private List<PartitionReader> readers(ClusterClient client, String place) throws IOException {
        int colon = place.lastIndexOf(':');
        String topic = colon < 0 ? place : place.substring(0, colon);
        String index = colon < 0 ? "" : place.substring(colon + 1);
        OffsetQuestions offsets = new OffsetQuestions(client, topic);
        List<PartitionReader> readers = new ArrayList<>();
        for (MetadataResponsePartition partition : client.topic(topic).partitions()) {
            if (index.isEmpty() || index.equals(Integer.toString(partition.partitionIndex()))) {
                long end = offsets.latest(partition);
                long from = last == 0 ? end : Math.max(offsets.earliest(partition), end - last);
                readers.add(new PartitionReader(client, topic, partition, from));
            }
        }
        if (readers.isEmpty()) {
            throw new CommandFailure("topic " + topic + " has no partition " + index);
        }
        return readers;
    }

    private boolean isWanted(Record record) {
        return (key == null || key.equals(RecordLine.text(record.key())))
                && (text == null
                        || String.valueOf(RecordLine.text(record.value())).contains(text))
                && (header == null || hasHeader(record, header));
    }

    private static boolean hasHeader(Record record, String wanted) {
        int equals = wanted.indexOf('=');
        String name = equals < 0 ? wanted : wanted.substring(0, equals);
        return record.headers().stream()
                .anyMatch(each -> each.key().equals(name)
                        && (equals < 0 || wanted.substring(equals + 1).equals(RecordLine.text(each.value()))));
    }

    private String line(PartitionReader reader, Record record) {
        if (!output.isJson()) {
            return reader.topic() + "-" + reader.index() + " @" + record.offset() + " "
                    + Instant.ofEpochMilli(record.timestampMs()) + " " + RecordLine.text(record.key()) + " "
                    + RecordLine.text(record.value());
        }
        return RecordLine.json(reader, record);
    }
}
