package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.cli.measure.Measuring;
import io.milena.cli.measure.PartitionAdvice;
import io.milena.cli.measure.Rates;
import io.milena.cli.measure.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code milena topics advise}: too few partitions, or too many. */
@Command(
        name = "advise",
        description =
                "Measures the traffic of topics and says how many partitions they should have: the larger of twice the"
                        + " consumers and a tenth of the MB that come in a second.",
        mixinStandardHelpOptions = true)
public final class AdviseCommand implements Callable<Integer> {
    @Mixin
    private Connecting to = new Connecting();

    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "Which topics. Without one, all.")
    private @Nullable List<String> names;

    @Option(
            names = "--consumers",
            paramLabel = "N",
            converter = NotNegative.class,
            description = "How many consumers are expected. Default: as many as its largest group has now.")
    private @Nullable Long consumers;

    @Option(
            names = "--for",
            paramLabel = "MS",
            defaultValue = "5000",
            converter = NotNegative.class,
            description = "How long to measure, in ms. Default: ${DEFAULT-VALUE}.")
    private long measureMs = 5000;

    private final Terminal terminal;

    AdviseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<PartitionAdvice> all = new ArrayList<>();
        try (ClusterClient client = to.connect()) {
            if (names != null) {
                for (String name : names) {
                    client.topic(name);
                }
            }
            Measuring.Span span = new Measuring(client).next(measureMs);
            for (Rates.Topic topic : span.rates().topics()) {
                if (names == null || names.contains(topic.name())) {
                    all.add(new PartitionAdvice(
                            topic.name(),
                            topic.partitions(),
                            consumers == null ? members(span.end(), topic.name()) : Math.toIntExact(consumers),
                            topic.bytesPerSecond() / TopCommand.MEGABYTE));
                }
            }
        }
        print(all);
        return 0;
    }

    /** Of the largest group that reads it. */
    private static int members(Sample sample, String topic) {
        return sample.groups().values().stream()
                .filter(group -> group.lagByTopic().containsKey(topic))
                .mapToInt(Sample.Group::members)
                .max()
                .orElse(0);
    }

    private void print(List<PartitionAdvice> all) {
        if (output.isJson()) {
            terminal.out().println(Json.of(all.stream().map(AdviseCommand::json).toList()));
            return;
        }
        Table table = new Table("TOPIC", "MB/S", "CONSUMERS", "PARTITIONS", "ADVISED", "SO");
        all.forEach(each -> table.row(
                each.topic(),
                each.megabytesPerSecond(),
                each.consumers(),
                each.partitions(),
                each.advised(),
                each.verdict()));
        table.lines().forEach(terminal.out()::println);
    }

    private static Map<String, Object> json(PartitionAdvice advice) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("topic", advice.topic());
        all.put("megabytesPerSecond", advice.megabytesPerSecond());
        all.put("consumers", advice.consumers());
        all.put("partitions", advice.partitions());
        all.put("advised", advice.advised());
        all.put("verdict", advice.verdict());
        return all;
    }
}
