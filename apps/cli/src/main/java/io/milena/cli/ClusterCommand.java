package io.milena.cli;

import io.milena.cli.client.ClusterClient;
import io.milena.metadata.balance.BalancePlan;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.RemoveRaftVoterRequest;
import io.milena.protocol.message.RemoveRaftVoterResponse;
import io.milena.protocol.message.UnregisterBrokerRequest;
import io.milena.protocol.message.UnregisterBrokerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code milena cluster}: how it stands, and nodes that come and go. */
@Command(
        name = "cluster",
        description = "Shows how a cluster stands, and lets nodes join and leave it.",
        mixinStandardHelpOptions = true)
public final class ClusterCommand {
    private static final int NAMED_MAX = 5;

    private final Terminal terminal;

    ClusterCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            description =
                    "Shows the active controller, who agrees on the metadata and who follows, the brokers, and the"
                            + " partitions that lack replicas or a leader.",
            mixinStandardHelpOptions = true)
    int status(@Mixin Connecting to, @Mixin Output output) throws IOException {
        try (ClusterClient client = to.connect()) {
            ClusterStatus status = ClusterStatus.of(client);
            (output.isJson() ? List.of(StatusReport.json(status)) : StatusReport.plain(status))
                    .forEach(terminal.out()::println);
        }
        return 0;
    }

    @Command(
            description = {
                "Prepares the data directory of a new node of a cluster, which is to be started on it then. Run it"
                        + " where the new node will be.",
                "A node that is alone becomes the first of the cluster by it: it starts anew, in a second or so, with"
                        + " all its data."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example, of three nodes on one machine, the first of which runs already:",
                "  milena cluster join --id 2 --data data2",
                "  milena start --port 9093 --data data2",
                "and the same for a third, with a terminal for each start."
            })
    int join(
            @Mixin Connecting to,
            @Option(
                            names = "--id",
                            paramLabel = "ID",
                            required = true,
                            converter = NotNegative.class,
                            description = "The number of the new node, which no other has.")
                    long id,
            @Option(
                            names = "--data",
                            paramLabel = "DIR",
                            required = true,
                            description = "Its data directory, a new one.")
                    Path data,
            @Option(
                            names = "--roles",
                            paramLabel = "ROLES",
                            defaultValue = "broker,controller",
                            description =
                                    "What it is to be: broker, controller, or both. Controllers become voters of the"
                                            + " metadata when there is an odd number of them then. Default:"
                                            + " ${DEFAULT-VALUE}.")
                    String roles,
            @Option(
                            names = "--quorum",
                            paramLabel = "HOST:PORT",
                            description =
                                    "Where the other nodes reach it for the metadata. Default: localhost, at a free"
                                            + " port, for a cluster on one machine.")
                    @Nullable
                    String quorum,
            @Option(
                            names = "--first-quorum",
                            paramLabel = "HOST:PORT",
                            description =
                                    "Where other nodes reach the first one for the metadata, if that is alone yet."
                                            + " Default: the host that clients reach it at, at a free port.")
                    @Nullable
                    String firstQuorum)
            throws IOException {
        NodeJoining joining = new NodeJoining(Math.toIntExact(id), data, roles, quorum);
        List<String> said = joining.run(to, firstQuorum);
        said.forEach(terminal.out()::println);
        return 0;
    }

    @Command(
            description = {
                "Takes a node that was stopped out of its cluster. A clean stop has handed over what it led.",
                "Refused while replicas are on it, which have to be moved first, and for the last voter."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example, of a node that is empty before it is stopped:",
                "  milena cluster rebalance --leaving 3 --execute",
                "and, when it was stopped:",
                "  milena cluster leave --id 3"
            })
    int leave(
            @Mixin Connecting to,
            @Option(
                            names = "--id",
                            paramLabel = "ID",
                            required = true,
                            converter = NotNegative.class,
                            description = "The number of the node.")
                    long id)
            throws IOException {
        try (ClusterClient client = to.connect()) {
            leave(client, Math.toIntExact(id));
        }
        terminal.out().println("Node " + id + " has left the cluster; its data directory is not needed any more");
        return 0;
    }

    @Command(
            description = {
                "Moves partitions so that brokers have equally many replicas, bytes, leaders and bytes that are written and"
                        + " read in a second, with as few copies as it takes.",
                "Shows the plan, and carries it out with --execute. What is under way is shown by 'milena partitions list"
                        + " --reassigning' and called off by 'milena partitions reassign --cancel'."
            },
            mixinStandardHelpOptions = true)
    int rebalance(
            @Mixin Connecting to,
            @Mixin Output output,
            @Option(names = "--plan", description = "Only shows the plan, as without --execute.") boolean isPlanned,
            @Option(names = "--execute", description = "Carries the plan out, and waits for its end.")
                    boolean isExecuted,
            @Option(
                            names = "--leaving",
                            paramLabel = "ID",
                            split = ",",
                            description =
                                    "A broker that shall have nothing any more, whether it runs or not; may be repeated.")
                    @Nullable
                    List<Integer> leaving,
            @Option(
                            names = "--throttle",
                            paramLabel = "BYTES",
                            converter = NotNegative.class,
                            description =
                                    "How many bytes a second each broker copies, and is copied from, at most. Default: no limit.")
                    @Nullable
                    Long bytesPerSecond,
            @Option(
                            names = "--moves-max",
                            paramLabel = "N",
                            defaultValue = "2147483647",
                            converter = NotNegative.class,
                            description =
                                    "How many replicas may move for evenness; what is on leaving brokers moves in any case. Default: as many as it takes.")
                    long movesMax,
            @Option(
                            names = "--measure",
                            paramLabel = "SECONDS",
                            defaultValue = "3",
                            converter = NotNegative.class,
                            description =
                                    "How long it counts what is written and read; with 0 that does not matter, nor where it is less than 100 kB a second and broker. Default: ${DEFAULT-VALUE}.")
                    long measuredSeconds)
            throws IOException {
        if (isPlanned && isExecuted) {
            throw new CommandFailure("--plan shows and --execute moves: give one of them");
        }
        if (output.isJson() && isExecuted) {
            throw new CommandFailure("--output json shows the plan alone; --execute is told of as it goes");
        }
        try (ClusterClient client = to.connect()) {
            Rebalance rebalance = new Rebalance(client, terminal);
            PartitionTraffic traffic = PartitionTraffic.measure(client, measuredSeconds);
            Set<Integer> shallGo = leaving == null ? Set.of() : Set.copyOf(leaving);
            BalancePlan plan = rebalance.plan(shallGo, (int) Math.min(movesMax, Integer.MAX_VALUE), traffic);
            if (output.isJson()) {
                rebalance.showJson(plan, traffic);
                return 0;
            }
            rebalance.show(plan, traffic);
            rebalance.showWhatStays(plan, shallGo);
            if (isExecuted) {
                rebalance.execute(plan, bytesPerSecond);
            }
        }
        return 0;
    }

    private static void leave(ClusterClient client, int id) throws IOException {
        ClusterStatus status = ClusterStatus.of(client);
        DescribeClusterBroker broker = status.broker(id);
        boolean isVoter = status.voters().stream().anyMatch(voter -> voter.replicaId() == id);
        if (broker == null && !isVoter && !status.isMember(id)) {
            throw new CommandFailure("node " + id + " does not belong to this cluster");
        }
        if (broker != null && !broker.isFenced()) {
            throw new CommandFailure("node " + id + " runs: stop it first, so that it hands over what it leads");
        }
        List<String> held = replicasOn(client, id);
        if (!held.isEmpty()) {
            throw new CommandFailure("node " + id + " has replicas of " + held.size()
                    + " partitions, which have to be moved to other brokers first: "
                    + String.join(", ", held.subList(0, Math.min(NAMED_MAX, held.size())))
                    + (held.size() > NAMED_MAX ? ", ..." : "")
                    + ". 'milena cluster rebalance --leaving " + id + " --execute' does, or says what cannot go");
        }
        if (isVoter) {
            RemoveRaftVoterResponse removed = client.send(
                    new RemoveRaftVoterRequest(status.clusterId(), id, Uuids.ZERO), RemoveRaftVoterResponse.class);
            ClusterClient.check(removed.errorCode(), "voter " + id, removed.errorMessage());
        }
        if (broker != null) {
            UnregisterBrokerResponse unregistered =
                    client.send(new UnregisterBrokerRequest(id), UnregisterBrokerResponse.class);
            ClusterClient.check(unregistered.errorCode(), "broker " + id, unregistered.errorMessage());
        }
    }

    private static List<String> replicasOn(ClusterClient client, int id) throws IOException {
        List<String> held = new ArrayList<>();
        for (MetadataResponseTopic topic : client.metadata(null).topics()) {
            for (MetadataResponsePartition partition : topic.partitions()) {
                if (partition.replicaNodes().contains(id)) {
                    held.add(topic.name() + "-" + partition.partitionIndex());
                }
            }
        }
        return held;
    }
}
