package io.milena.broker;

import io.milena.metadata.SettingCatalog;
import java.util.Set;

/** The settings of a broker among others. */
final class ClusterSettingCatalog {
    static final String RACK_AWARE = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
    private static final int INT_MAX = Integer.MAX_VALUE;

    private ClusterSettingCatalog() {}

    static SettingCatalog added(SettingCatalog catalog) {
        return catalog.string(
                        "controller.quorum.voters",
                        null,
                        Set.of(),
                        null,
                        "The nodes that agree on the metadata when a cluster begins, 1, 3 or 5, as id@host:port,"
                                + " separated by commas; for a node that is none of them, whom it asks to let it in. Not"
                                + " set for a broker that is alone. The port is one beside that of listeners.")
                .string(
                        "milena.quorum.listener",
                        null,
                        Set.of(),
                        null,
                        "Where the other nodes of the quorum reach this one, as host:port. It listens there;"
                                + " controller.quorum.voters counts where it names this node. Not set: on the host of"
                                + " advertised.listeners, at a free port.")
                .string(
                        "milena.cluster.id",
                        null,
                        Set.of(),
                        null,
                        "The id of the cluster that new data directories will belong to; the same on all its nodes."
                                + " Not set: an id of its own.")
                .string("broker.rack", null, Set.of(), null, "Where this broker is; replicas are spread over racks.")
                .string(
                        "replica.selector.class",
                        null,
                        Set.of("org.apache.kafka.common.replica.LeaderSelector", RACK_AWARE),
                        null,
                        "Where consumers that tell their client.rack are sent to read: to the leader (not set, or"
                                + " LeaderSelector), or to an in-sync replica of their rack (RackAwareReplicaSelector);"
                                + " under the names that Kafka's classes have.")
                .longInteger(
                        "broker.heartbeat.interval.ms",
                        "2000",
                        1,
                        null,
                        "How often a broker is heard of by the active controller, in ms.")
                .longInteger(
                        "broker.session.timeout.ms",
                        "9000",
                        1,
                        null,
                        "After how long without a heartbeat the controller gives a broker up, in ms.")
                .longInteger(
                        "milena.broker.grace.ms",
                        "300",
                        0,
                        null,
                        "How long after its connection to the active controller has broken a broker may come with"
                                + " another one before it is given up, in ms.")
                .bool(
                        "auto.leader.rebalance.enable",
                        "true",
                        null,
                        "Whether the active controller gives partitions back to their preferred leaders.")
                .longInteger(
                        "leader.imbalance.check.interval.seconds",
                        "300",
                        1,
                        null,
                        "How often it looks whether it should, in s.")
                .integer(
                        "leader.imbalance.per.broker.percentage",
                        "10",
                        0,
                        INT_MAX,
                        null,
                        "How many of the partitions that prefer a broker others may lead before it gets them back, in"
                                + " percent.")
                .longInteger(
                        "unclean.leader.election.interval.ms",
                        "300000",
                        1,
                        null,
                        "How often the active controller looks whether partitions without a leader may have one by"
                                + " now, in ms.")
                .longInteger(
                        "replica.lag.time.max.ms",
                        "30000",
                        1000,
                        null,
                        "After how long a follower that has not caught up with its leader is no longer in sync, in ms.")
                .integer(
                        "replica.fetch.wait.max.ms",
                        "500",
                        1,
                        INT_MAX,
                        null,
                        "How long a leader lets a follower wait when there is nothing to fetch, in ms; less than"
                                + " replica.lag.time.max.ms.")
                .integer(
                        "replica.fetch.max.bytes",
                        "1048576",
                        1,
                        INT_MAX,
                        null,
                        "How many bytes of a partition a follower fetches at a time; a larger batch is fetched all the"
                                + " same.")
                .integer(
                        "replica.fetch.response.max.bytes",
                        "10485760",
                        1,
                        INT_MAX,
                        null,
                        "How many bytes a follower fetches at a time.")
                .longInteger(
                        "replica.fetch.backoff.ms",
                        "1000",
                        0,
                        null,
                        "How long a follower waits after an error before it fetches again, in ms.")
                .longInteger(
                        "replica.socket.timeout.ms",
                        "30000",
                        1,
                        null,
                        "After how long without an answer a connection to another broker is ended, in ms.");
    }
}
