package io.milena.replication.script;

import io.milena.protocol.ErrorCode;
import io.milena.replication.Assignment;
import io.milena.replication.Brokers;
import io.milena.replication.Command;
import io.milena.replication.Proposal;
import io.milena.replication.ProposalOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a story: lines that begin with {@code >} are commands; what follows them is what came of it. Everything else is prose. The words of the commands are those of {@link #run}.
 */
final class Script {
    private final Map<Integer, ScriptedBroker> brokers = new TreeMap<>();
    private final Map<Integer, Long> brokerEpochs = new TreeMap<>();
    private List<Integer> replicas = List.of();
    private Assignment latest = new Assignment(-1, 0, 0, List.of(), List.of());
    private int minIsr = 1;
    private long nowMs = 100_000;

    /** The same text with what really comes of the commands. */
    static String retold(String text) {
        Script script = new Script();
        StringBuilder retold = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (line.startsWith(">")) {
                retold.append(line).append('\n');
                for (String news : script.run(List.of(line.substring(1).strip().split(" +")))) {
                    retold.append("    ").append(news).append('\n');
                }
            } else if (!line.startsWith("    ")) {
                retold.append(line).append('\n');
            }
        }
        return retold.toString();
    }

    long nowMs() {
        return nowMs;
    }

    int minIsr() {
        return minIsr;
    }

    Brokers.@Nullable Broker broker(int id) {
        Long epoch = brokerEpochs.get(id);
        return epoch == null ? null : new Brokers.Broker(id, epoch, Brokers.Standing.ACTIVE, null);
    }

    private List<String> run(List<String> words) {
        return switch (words.getFirst()) {
            case "replicas" -> {
                replicas = ids(words.get(1));
                for (int id : replicas) {
                    brokers.put(id, new ScriptedBroker(id, this));
                    brokerEpochs.put(id, 1L);
                }
                yield List.of();
            }
            case "min.insync.replicas" -> {
                minIsr = Integer.parseInt(words.get(1));
                yield List.of();
            }
            case "time" -> {
                nowMs += Long.parseLong(words.get(1));
                yield List.of();
            }
            case "controller" -> controller(words);
            default -> broker(broker(words.getFirst()), words);
        };
    }

    private ScriptedBroker broker(String id) {
        return Objects.requireNonNull(brokers.get(Integer.valueOf(id)), id);
    }

    private static List<Integer> ids(String text) {
        return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    }

    /** {@code elects 1 in epoch 2 isr 1,2}: known to nobody before {@code 1 learns}; {@code accepts 1}, {@code answers 1 ERROR}, {@code loses the answer to 1}. */
    private List<String> controller(List<String> words) {
        if (words.get(1).equals("elects")) {
            latest = new Assignment(
                    Integer.parseInt(words.get(2)),
                    Integer.parseInt(words.get(5)),
                    latest.partitionEpoch() + 1,
                    replicas,
                    ids(words.get(7)));
            return List.of();
        }
        ScriptedBroker asker = broker(words.getLast().matches("\\d+") ? words.getLast() : words.get(2));
        Proposal proposal = asker.proposed();
        ProposalOutcome outcome = switch (words.get(1)) {
            case "accepts" -> accept(proposal);
            case "answers" -> new ProposalOutcome.Refused(ErrorCode.valueOf(words.get(3)));
            case "loses" -> new ProposalOutcome.Unanswered();
            default -> throw new IllegalArgumentException(String.join(" ", words));
        };
        asker.handle(new Command.ProposalAnswered(proposal, outcome));
        return asker.report();
    }

    private ProposalOutcome accept(Proposal proposal) {
        List<Integer> isr = proposal.members().stream().map(Proposal.Member::id).toList();
        latest = new Assignment(
                latest.leader(), latest.leaderEpoch(), latest.partitionEpoch() + 1, latest.replicas(), isr);
        return new ProposalOutcome.Accepted(latest.leaderEpoch(), latest.partitionEpoch(), isr);
    }

    private List<String> broker(ScriptedBroker broker, List<String> words) {
        List<String> reports = new ArrayList<>();
        switch (words.get(1)) {
            case "learns" -> broker.handle(new Command.Assign(latest));
            case "appends" -> broker.append(words.subList(2, words.size()));
            case "forces" -> broker.force();
            case "crashes" -> broker.crash();
            case "registers" -> brokerEpochs.merge(broker.id, 1L, Long::sum);
            case "loses" -> broker.loseDisk();
            case "truncates" -> broker.truncate();
            case "ticks" -> broker.handle(new Command.Tick());
            case "awaits" -> broker.await(Integer.parseInt(words.get(3)), Long.parseLong(words.get(5)));
            case "fetches" -> {
                ScriptedBroker leader = broker(words.get(3));
                boolean isEarlierLife = words.getLast().equals("late");
                broker.fetch(leader, brokerEpochs.getOrDefault(broker.id, 0L) - (isEarlierLife ? 1 : 0));
                reports.addAll(leader.report());
            }
            default -> throw new IllegalArgumentException(String.join(" ", words));
        }
        reports.addAll(broker.report());
        return reports;
    }
}
