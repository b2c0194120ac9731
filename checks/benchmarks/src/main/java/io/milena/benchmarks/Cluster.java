package io.milena.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Three brokers as processes of this machine, each of which can be stopped, killed and started again; their ids count from 1. */
final class Cluster implements AutoCloseable {
    static final int BROKERS = 3;
    private static final int PATIENCE_MS = 300_000;
    private static final Map<String, String> IN_SYNC = Map.of("min.insync.replicas", "2");

    private final List<Installation> installations;
    private final List<BrokerProcess> brokers = new ArrayList<>();
    private final Admin admin;

    private Cluster(List<Installation> installations, Admin admin) {
        this.installations = installations;
        this.admin = admin;
    }

    /** Starts all, and returns when each of them is known to the others. */
    static Cluster start(Peer peer, Path repository) throws Exception {
        List<Installation> installations = Installation.createAll(peer, repository, BROKERS, Map.of());
        List<BrokerProcess> launched = new ArrayList<>();
        for (Installation each : installations) {
            launched.add(each.launch());
        }
        Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                addresses(launched),
                "default.api.timeout.ms",
                PATIENCE_MS,
                "reconnect.backoff.max.ms",
                200,
                "retry.backoff.max.ms",
                200));
        Cluster cluster = new Cluster(installations, admin);
        cluster.brokers.addAll(launched);
        while (admin.describeCluster().nodes().get().size() < BROKERS) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return cluster;
    }

    private static String addresses(List<BrokerProcess> brokers) {
        return brokers.stream().map(BrokerProcess::address).collect(Collectors.joining(","));
    }

    String addresses() {
        return addresses(brokers);
    }

    /** Three replicas of each partition, of which two must have a record. */
    void createTopic(String topic, int partitions) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) BROKERS).configs(IN_SYNC)))
                .all()
                .get();
        awaitInSync(topic);
    }

    int leader(String topic, int partition) throws ExecutionException, InterruptedException {
        return describe(topic).partitions().get(partition).leader().id();
    }

    /** Returns when every replica is in sync. */
    void awaitInSync(String topic) throws ExecutionException, InterruptedException {
        while (!isInSync(topic)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean isInSync(String topic) throws ExecutionException, InterruptedException {
        try {
            return describe(topic).partitions().stream()
                    .allMatch(partition -> partition.isr().size() == BROKERS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false; // who is asked has not heard of it yet
            }
            throw e;
        }
    }

    /** Returns when every voter of the metadata's quorum has had all of its log since then, so that one of them may fail. A partition may still name a replica in sync that has just been killed. */
    void awaitVoters(long sinceMs) throws InterruptedException {
        while (!haveAllSince(sinceMs)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean haveAllSince(long sinceMs) throws InterruptedException {
        try {
            return admin.describeMetadataQuorum().quorumInfo().get().voters().stream()
                    .allMatch(voter -> voter.lastCaughtUpTimestamp().orElse(0) > sinceMs);
        } catch (ExecutionException e) {
            return false; // the controller has changed meanwhile
        }
    }

    private TopicDescription describe(String topic) throws ExecutionException, InterruptedException {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next();
    }

    void kill(int id) throws InterruptedException {
        brokers.get(id - 1).kill();
    }

    /** A clean stop; answers how many seconds it took. */
    double stop(int id) throws InterruptedException {
        return brokers.get(id - 1).stop();
    }

    void startAgain(int id) throws IOException {
        brokers.set(id - 1, installations.get(id - 1).launch());
    }

    /** Of all together. */
    double cpuSeconds() {
        return brokers.stream().mapToDouble(BrokerProcess::cpuSeconds).sum();
    }

    /** Of all together. */
    double residentMb() {
        return brokers.stream().mapToDouble(BrokerProcess::residentMb).sum();
    }

    @Override
    public void close() throws IOException {
        admin.close();
        brokers.forEach(BrokerProcess::close);
        for (Installation each : installations) {
            each.close();
        }
    }
}
