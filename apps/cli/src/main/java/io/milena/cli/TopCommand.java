package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.measure.Measuring;
import io.milena.cli.measure.Rates;
import io.milena.cli.measure.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code milena top}: traffic and lag, again and again. */
@Command(
        name = "top",
        description =
                "Shows the busiest topics and the groups that are furthest behind, and draws them anew until Ctrl-C.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  milena top", "  milena top --once --output json"})
public final class TopCommand implements Callable<Integer> {
    static final double MEGABYTE = 1_000_000;

    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Mixin
    private Connecting to = new Connecting();

    @Mixin
    private Output output = new Output();

    @Option(names = "--once", description = "Measure once, print it and end.")
    private boolean isOnce;

    @Option(
            names = "--every",
            paramLabel = "MS",
            defaultValue = "2000",
            converter = NotNegative.class,
            description = "How long to measure, in ms. Default: ${DEFAULT-VALUE}.")
    private long everyMs = 2000;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "15",
            converter = NotNegative.class,
            description = "How many topics and groups to show at most. Default: ${DEFAULT-VALUE}.")
    private long rows = 15;

    private final Terminal terminal;

    TopCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ClusterClient client = to.connect()) {
            Measuring measuring = new Measuring(client);
            do {
                Measuring.Span span = measuring.next(everyMs);
                show(span.end(), span.rates());
            } while (!isOnce && !terminal.out().checkError());
        }
        return 0;
    }

    private void show(Sample now, Rates rates) {
        if (output.isJson()) {
            terminal.out().println(json(now, rates));
        } else {
            String frame = String.join(System.lineSeparator(), lines(now, rates));
            terminal.out().println(isOnce ? frame : CLEAR + frame);
        }
    }

    private List<String> lines(Sample now, Rates rates) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%d broker(s), %d topic(s), %d group(s); in come %,.1f MB/s, %,.0f records/s",
                now.brokers(),
                rates.topics().size(),
                rates.groups().size(),
                rates.bytesPerSecond() / MEGABYTE,
                rates.recordsPerSecond()));
        lines.add("");
        Table topics = new Table("TOPIC", "PARTITIONS", "RECORDS/S", "MB/S");
        rates.topics().stream()
                .limit(rows)
                .forEach(topic -> topics.row(
                        topic.name(),
                        topic.partitions(),
                        Math.round(topic.recordsPerSecond()),
                        topic.bytesPerSecond() / MEGABYTE));
        lines.addAll(topics.lines());
        lines.add("");
        Table groups = new Table("GROUP", "MEMBERS", "LAG", "RECORDS/S", "CAUGHT UP");
        rates.groups().stream()
                .limit(rows)
                .forEach(group -> groups.row(
                        group.name(),
                        group.members(),
                        group.lag(),
                        Math.round(group.recordsPerSecond()),
                        caughtUp(group)));
        lines.addAll(groups.lines());
        return lines;
    }

    private static String caughtUp(Rates.Group group) {
        long seconds = group.catchesUpInSeconds();
        return seconds == 0 ? "yes" : seconds < 0 ? "never" : "in " + seconds + " s";
    }

    private String json(Sample now, Rates rates) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("brokers", now.brokers());
        all.put("recordsPerSecond", rates.recordsPerSecond());
        all.put("bytesPerSecond", rates.bytesPerSecond());
        all.put(
                "topics",
                rates.topics().stream().limit(rows).map(TopCommand::json).toList());
        all.put(
                "groups",
                rates.groups().stream().limit(rows).map(TopCommand::json).toList());
        return Json.of(all);
    }

    private static Map<String, Object> json(Rates.Topic topic) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("topic", topic.name());
        all.put("partitions", topic.partitions());
        all.put("recordsPerSecond", topic.recordsPerSecond());
        all.put("bytesPerSecond", topic.bytesPerSecond());
        return all;
    }

    private static Map<String, Object> json(Rates.Group group) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("group", group.name());
        all.put("members", group.members());
        all.put("lag", group.lag());
        all.put("recordsPerSecond", group.recordsPerSecond());
        all.put("lagPerSecond", group.lagPerSecond());
        return all;
    }
}
