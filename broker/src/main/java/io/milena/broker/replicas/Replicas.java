package io.milena.broker.replicas;

import io.milena.broker.groups.TimerQueue;
import io.milena.broker.partitions.CopyThrottle;
import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.Replica;
import io.milena.broker.partitions.ReplicaHost;
import io.milena.broker.peers.ControllerLink;
import io.milena.broker.peers.Peers;
import io.milena.metadata.Throttles.Side;
import io.milena.replication.Brokers;
import io.milena.replication.Command;
import io.milena.replication.Follower;
import io.milena.replication.Proposal;
import io.milena.runtime.Environment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What the replicas of a broker share: a fetcher for each leader that it follows, a timer, and the way to the controller. A broker that is alone starts none of these threads but the timer's, which rests.
 */
public final class Replicas implements ReplicaHost, AutoCloseable {
    private static final String TICKS = "ticks";

    private final ClusterView cluster;
    private final ReplicaSettings settings;
    private final Environment environment;
    private final Partitions partitions;
    private final Peers peers;
    private final TimerQueue timers;
    private final IsrProposals proposals;
    private final Thread proposing;
    private final Throttle followersThrottle;
    private final Throttle ownThrottle;
    private final Map<Integer, LeaderFetcher> fetchers = new ConcurrentHashMap<>();

    /** @param peers on which it ends the connections where an answer is overdue, whoever asked there, and all in the end */
    public Replicas(
            ClusterView cluster,
            ReplicaSettings settings,
            Partitions partitions,
            ControllerLink controller,
            Peers peers,
            Environment environment) {
        this.cluster = cluster;
        this.settings = settings;
        this.environment = environment;
        this.partitions = partitions;
        this.peers = peers;
        this.followersThrottle = new Throttle(Side.LEADER, cluster, environment.clock());
        this.ownThrottle = new Throttle(Side.FOLLOWER, cluster, environment.clock());
        this.timers = new TimerQueue(environment.clock(), environment.threads(), "replica-timer");
        this.proposals = new IsrProposals(cluster.localId(), cluster::brokerEpoch, controller, environment.clock());
        this.proposing = environment.threads().start("isr-proposals", proposals);
        tickLater();
    }

    /** Whoever is behind for too long is seen by a look at the clock now and then. */
    private void tickLater() {
        timers.set(TICKS, settings.lagTimeMaxMs() / 2, () -> {
            peers.endOverdue(settings.socketTimeoutMs());
            partitions.all().stream()
                    .map(Partition::replica)
                    .filter(replica -> !replica.isAlone())
                    .forEach(replica -> replica.handle(new Command.Tick()));
            tickLater();
        });
    }

    @Override
    public int localId() {
        return cluster.localId();
    }

    @Override
    public Environment environment() {
        return environment;
    }

    @Override
    public Brokers brokers() {
        return cluster.brokers();
    }

    @Override
    public CopyThrottle followersThrottle() {
        return followersThrottle;
    }

    @Override
    public void fetch(Replica replica) {
        if (!replica.isEnded() && replica.state() instanceof Follower follower) {
            int leader = follower.assignment().leader();
            if (leader >= 0 && leader != localId()) {
                fetcher(leader).wake(replica);
            }
        }
    }

    @Override
    public void askOffsets(Replica replica, int leader, int leaderEpoch) {
        fetcher(leader).askOffsets(replica);
    }

    private LeaderFetcher fetcher(int leader) {
        return fetchers.computeIfAbsent(leader, id -> {
            LeaderFetcher fetcher = new LeaderFetcher(
                    id,
                    peers,
                    new FetchQuestions(
                            localId(),
                            cluster::brokerEpoch,
                            settings.fetchWaitMs(),
                            settings.fetchBytesMax(),
                            settings.partitionBytesMax()),
                    ownThrottle,
                    environment.clock());
            environment.threads().start("fetcher-" + id, fetcher);
            return fetcher;
        });
    }

    @Override
    public void lookAgain(Replica replica, long atMs) {
        if (replica.isEnded()) {
            return;
        }
        long nowMs = TimeUnit.NANOSECONDS.toMillis(environment.clock().nanos());
        timers.set(replica, atMs - nowMs, () -> replica.handle(new Command.Tick()));
    }

    @Override
    public void propose(Replica replica, Proposal proposal, int attempt) {
        proposals.add(replica, proposal, attempt);
    }

    @Override
    public void close() {
        timers.close();
        proposing.interrupt();
        fetchers.values().forEach(LeaderFetcher::stop);
        peers.close();
    }
}
