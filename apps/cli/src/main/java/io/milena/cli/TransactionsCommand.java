package io.milena.cli;

import io.milena.cli.OpenTransactions.Open;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.message.DescribeProducersResponse.ProducerState;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.WriteTxnMarkersRequest;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.milena.protocol.message.WriteTxnMarkersResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena transactions}: who writes in transactions, what is open, what hangs, and an end for that. */
@Command(
        name = "transactions",
        description = "Lists and describes transactions, finds those that nobody will end, and aborts them.",
        mixinStandardHelpOptions = true)
public final class TransactionsCommand {
    private static final long MS_PER_MINUTE = 60_000;

    private final Terminal terminal;

    TransactionsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(description = "Lists the transactional ids, with their states.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Connecting to,
            @Mixin Output output,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only those in this state, e.g. Ongoing; may be repeated.")
                    @Nullable
                    List<String> states)
            throws IOException {
        List<ListTransactionsResponse.TransactionState> found = new ArrayList<>();
        try (ClusterClient client = to.connect()) {
            ListTransactionsRequest request = ListTransactionsRequest.builder()
                    .stateFilters(states == null ? List.of() : states)
                    .build();
            for (MetadataResponseBroker broker : client.brokers()) {
                ListTransactionsResponse answer = client.sendTo(broker, request, ListTransactionsResponse.class);
                ClusterClient.check(answer.errorCode(), "transactions");
                if (!answer.unknownStateFilters().isEmpty()) {
                    throw new CommandFailure(
                            "there is no state " + answer.unknownStateFilters().getFirst());
                }
                found.addAll(answer.transactionStates());
            }
        }
        found.sort(Comparator.comparing(ListTransactionsResponse.TransactionState::transactionalId));
        if (output.isJson()) {
            terminal.out()
                    .println(Json.of(found.stream()
                            .map(each -> Json.fields(
                                    "transactionalId", each.transactionalId(),
                                    "state", each.transactionState(),
                                    "producerId", each.producerId()))
                            .toList()));
        } else {
            found.forEach(each -> terminal.out()
                    .println(each.transactionalId() + "  " + each.transactionState() + "  producer "
                            + each.producerId()));
        }
        return 0;
    }

    @Command(
            description = "Shows who has a transactional id, and which partitions its transaction has.",
            mixinStandardHelpOptions = true)
    int describe(
            @Mixin Connecting to,
            @Mixin Output output,
            @Parameters(paramLabel = "ID", description = "The transactional id.") String id)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            TransactionState state = new OpenTransactions(client).describe(id);
            if (output.isJson()) {
                terminal.out().println(Json.of(json(state)));
                return 0;
            }
            terminal.out()
                    .println("Transactional id " + id + ": " + state.transactionState() + ", producer "
                            + state.producerId() + " with epoch " + state.producerEpoch() + ", time-out "
                            + state.transactionTimeoutMs() + " ms");
            if (state.transactionStartTimeMs() >= 0) {
                terminal.out().println("  began " + Instant.ofEpochMilli(state.transactionStartTimeMs()));
            }
            state.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> terminal.out().println("  " + topic.topic() + "-" + partition)));
        }
        return 0;
    }

    private static Map<String, Object> json(TransactionState state) {
        Map<String, Object> json = Json.fields(
                "transactionalId", state.transactionalId(),
                "state", state.transactionState(),
                "producerId", state.producerId(),
                "producerEpoch", state.producerEpoch(),
                "timeoutMs", state.transactionTimeoutMs());
        if (state.transactionStartTimeMs() >= 0) {
            json.put("startTimeMs", state.transactionStartTimeMs());
        }
        json.put(
                "partitions",
                state.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> Json.fields("topic", topic.topic(), "partition", partition)))
                        .toList());
        return json;
    }

    @Command(
            name = "find-hanging",
            description =
                    "Finds transactions that are open in a partition while no coordinator knows of them, so that nobody will end them. Readers of committed data wait behind them.",
            mixinStandardHelpOptions = true)
    int findHanging(
            @Mixin Connecting to,
            @Mixin Output output,
            @Option(
                            names = "--topic",
                            paramLabel = "TOPIC",
                            description = "Look there only; may be repeated. Without it, everywhere.")
                    @Nullable
                    List<String> topics,
            @Option(
                            names = "--older-than",
                            paramLabel = "MINUTES",
                            defaultValue = "15",
                            converter = NotNegative.class,
                            description = "Whose last record is older than this. Default: ${DEFAULT-VALUE}.")
                    long minutes)
            throws IOException {
        List<Open> hanging = new ArrayList<>();
        int younger = 0;
        try (ClusterClient client = to.connect()) {
            OpenTransactions transactions = new OpenTransactions(client);
            List<String> wanted = topics == null ? all(client) : topics;
            long newestMs = System.currentTimeMillis() - minutes * MS_PER_MINUTE;
            for (String topic : wanted) {
                for (Open open : transactions.in(topic)) {
                    if (open.producer().lastTimestamp() > newestMs) {
                        younger++;
                    } else if (transactions.isHanging(open)) {
                        hanging.add(open);
                    }
                }
            }
        }
        if (output.isJson()) {
            terminal.out()
                    .println(Json.of(
                            hanging.stream().map(TransactionsCommand::json).toList()));
        } else {
            hanging.forEach(this::print);
        }
        if (younger > 0) { // a broker warns of one that hangs before it is that old
            terminal.err()
                    .println("left out: " + younger + " open with a record of the last " + minutes
                            + " minute(s); --older-than 0 looks at them too");
        }
        return 0;
    }

    private static List<String> all(ClusterClient client) throws IOException {
        return client.metadata(null).topics().stream()
                .flatMap(topic -> Stream.ofNullable(topic.name()))
                .sorted()
                .toList();
    }

    private static Map<String, Object> json(Open open) {
        return Json.fields(
                "topic", open.topic(),
                "partition", open.partition().partitionIndex(),
                "startOffset", open.producer().currentTxnStartOffset(),
                "producerId", open.producer().producerId(),
                "producerEpoch", open.producer().producerEpoch(),
                "lastTimestampMs", open.producer().lastTimestamp());
    }

    private void print(Open open) {
        ProducerState producer = open.producer();
        terminal.out()
                .println(open.topic() + "-" + open.partition().partitionIndex() + "  start offset "
                        + producer.currentTxnStartOffset() + "  producer " + producer.producerId() + " with epoch "
                        + producer.producerEpoch() + "  last record "
                        + Instant.ofEpochMilli(producer.lastTimestamp()));
    }

    @Command(
            description = "Aborts the transaction that begins at an offset of a partition.",
            mixinStandardHelpOptions = true)
    int abort(
            @Mixin Connecting to,
            @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "Its topic.") String name,
            @Option(names = "--partition", required = true, paramLabel = "PARTITION", description = "Its partition.")
                    int index,
            @Option(
                            names = "--start-offset",
                            required = true,
                            paramLabel = "OFFSET",
                            converter = NotNegative.class,
                            description = "Where it begins, as find-hanging says.")
                    long startOffset)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            MetadataResponsePartition partition = client.topic(name).partitions().stream()
                    .filter(each -> each.partitionIndex() == index)
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("topic " + name + " has no partition " + index));
            List<Open> all = new OpenTransactions(client).in(name, partition);
            Open open = all.stream()
                    .filter(each -> each.producer().currentTxnStartOffset() == startOffset)
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure("no transaction begins at offset " + startOffset + " of "
                            + name + "-" + index + "; open ones begin at "
                            + all.stream()
                                    .map(each -> Long.toString(each.producer().currentTxnStartOffset()))
                                    .collect(Collectors.joining(", ", "[", "]"))));
            abort(client, open);
            terminal.out()
                    .println("Aborted the transaction of producer "
                            + open.producer().producerId() + " in " + name + "-" + index);
        }
        return 0;
    }

    private static void abort(ClusterClient client, Open open) throws IOException {
        int index = open.partition().partitionIndex();
        WritableTxnMarker marker = WritableTxnMarker.builder()
                .producerId(open.producer().producerId())
                .producerEpoch((short) open.producer().producerEpoch())
                .transactionResult(false)
                .coordinatorEpoch(Math.max(0, open.producer().coordinatorEpoch()))
                .topics(List.of(new WritableTxnMarkerTopic(open.topic(), List.of(index))))
                .build();
        short error = client.sendToLeader(
                        open.partition(),
                        new WriteTxnMarkersRequest(List.of(marker)),
                        Short.MAX_VALUE,
                        WriteTxnMarkersResponse.class)
                .markers()
                .getFirst()
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode();
        ClusterClient.check(error, "transaction in " + open.topic() + "-" + index);
    }
}
