package io.milena.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.client.ClusterAddress;
import io.milena.cli.client.ClusterClient;
import io.milena.embedded.Milena;
import io.milena.embedded.MilenaCluster;
import io.milena.embedded.VirtualTime;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code milena transactions} and {@code milena why transaction} in a cluster of three: whichever broker is asked, what is said comes from the coordinators of all, and an abort gets to the leader of its partition. A transaction hangs
 * when the topic of the coordinators is deleted.
 */
@Timeout(180)
class ClusterTransactionsTest {
    private static final int PARTITIONS = 3;
    private static final String METRIC = "milena_hanging_transaction_age_seconds";

    private final VirtualTime time = VirtualTime.running();
    private final Reports reports = new Reports();
    private MilenaCluster cluster;

    /** What brokers log of transactions. */
    private static final class Reports extends Handler {
        private static final Logger LOGGER = Logger.getLogger("io.milena.transactions");

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord report) {
            lines.add(new SimpleFormatter().formatMessage(report));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        Reports.LOGGER.addHandler(reports);
        cluster = Milena.configure()
                .time(time)
                .set("transaction.state.log.num.partitions", "10")
                .cluster(3);
        run(1, "topics create orders --partitions " + PARTITIONS);
    }

    @AfterEach
    void stop() {
        cluster.close();
        Reports.LOGGER.removeHandler(reports);
    }

    private List<String> run(int broker, String line) {
        return CommandRunner.execute((line + " -b " + cluster.address(broker)).split(" "))
                .succeeds()
                .lines();
    }

    private ClusterClient client() throws IOException {
        return ClusterClient.connect(ClusterAddress.parse(cluster.address(1)));
    }

    private static TransactionalWriter open(ClusterClient client, String id) throws IOException {
        TransactionalWriter writer = TransactionalWriter.begin(client, id);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            writer.write(client, "orders", partition);
        }
        return writer;
    }

    /** As many transactions as it takes until each broker coordinates one. */
    private List<TransactionalWriter> openOnAll(ClusterClient client) throws IOException {
        List<TransactionalWriter> writers = new ArrayList<>();
        while (!eachKnowsOne(client)) {
            writers.add(open(client, "id-" + (char) ('a' + writers.size())));
        }
        return writers;
    }

    private static boolean eachKnowsOne(ClusterClient client) throws IOException {
        for (MetadataResponseBroker broker : client.brokers()) {
            ListTransactionsResponse known =
                    client.sendTo(broker, ListTransactionsRequest.builder().build(), ListTransactionsResponse.class);
            if (known.transactionStates().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static void await(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!isSo.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "not in time: " + what);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Test
    void anyBrokerKnowsWhatTheCoordinatorsOfAllKnow() throws IOException {
        List<TransactionalWriter> writers;
        try (ClusterClient client = client()) {
            writers = openOnAll(client);
        }
        List<String> expected = writers.stream()
                .map(each -> each.id() + "  Ongoing  producer " + each.producerId())
                .toList();
        for (int broker : cluster.brokers()) {
            assertEquals(expected, run(broker, "transactions list"));
            assertEquals(List.of(), run(broker, "transactions find-hanging --older-than 0"));
            assertEquals(
                    "left out: " + PARTITIONS * writers.size()
                            + " open with a record of the last 15 minute(s); --older-than 0 looks at them too\n",
                    CommandRunner.execute("transactions", "find-hanging", "-b", cluster.address(broker))
                            .succeeds()
                            .errors());
            for (TransactionalWriter each : writers) {
                List<String> described = run(broker, "transactions describe " + each.id());
                assertEquals(List.of("  orders-0", "  orders-1", "  orders-2"), described.subList(2, described.size()));
                assertTrue(run(broker, "why transaction " + each.id())
                        .contains(
                                "So: its producer has not committed or aborted yet; consumers with read_committed wait"
                                        + " behind it in these partitions"));
            }
        }
        // When one is killed, those that take its place know what it knew
        cluster.kill(1);
        await("all are known again", () -> {
            CommandRunner.Result listed = CommandRunner.execute("transactions", "list", "-b", cluster.address(2));
            return listed.exit() == 0 && listed.lines().equals(expected);
        });
    }

    @Test
    void oneThatHangsIsReportedByItselfFoundAndAborted() throws Exception {
        try (ClusterClient client = client()) {
            TransactionalWriter writer = open(client, "payments");
            String who = "producer " + writer.producerId() + " ";
            run(1, "topics delete __transaction_state");
            for (int broker : cluster.brokers()) {
                await(
                        "all are found",
                        () -> run(broker, "transactions find-hanging --older-than 0")
                                        .size()
                                == PARTITIONS);
            }
            // Then, when their leaders have looked twice, there is a line in the log for each partition
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String start =
                        "A transaction hangs in orders-" + partition + ": " + who + "has one open since offset 0";
                awaitLooks(
                        start,
                        () -> reports.lines.stream()
                                .anyMatch(line -> line.startsWith(start) && line.contains(" ms old")));
            }
            // And each tells how old those are that it leads
            awaitLooks("the metric", () -> {
                List<String> expected = ledBy(1).stream()
                        .map(partition -> METRIC + "{topic=\"orders\",partition=\"" + partition + "\",producer_id=\""
                                + writer.producerId() + "\",start_offset=\"0\"}")
                        .toList();
                Map<String, Double> ages = ages();
                return !expected.isEmpty()
                        && ages.keySet().equals(Set.copyOf(expected))
                        && ages.values().stream().allMatch(age -> age > 60);
            });
            // And when it is aborted, nothing is open any more, and nothing reported
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int asked = partition + 1;
                assertEquals(
                        List.of("Aborted the transaction of " + who + "in orders-" + partition),
                        run(asked, "transactions abort --topic orders --partition " + partition + " --start-offset 0"));
            }
            assertEquals(List.of(), run(1, "transactions find-hanging --older-than 0"));
            awaitLooks("the metric is gone", () -> ages().isEmpty());
        }
    }

    /** Brokers look once in a minute of their time. */
    private void awaitLooks(String what, BooleanSupplier isSo) {
        await(what, () -> {
            time.advance(Duration.ofMinutes(1));
            return isSo.getAsBoolean();
        });
    }

    private List<Integer> ledBy(int broker) {
        try (ClusterClient client = client()) {
            return client.topic("orders").partitions().stream()
                    .filter(each -> each.leaderId() == broker)
                    .map(MetadataResponsePartition::partitionIndex)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the metric of the first broker says, which the console of the cluster asks. */
    private Map<String, Double> ages() {
        URI metrics = URI.create(cluster.console() + "/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(METRIC + "{"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(words -> words[0], words -> Double.parseDouble(words[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
