package io.milena.benchmarks;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;

/** How long after {@code kill -9} of the active controller a cluster of three takes the next change of its metadata, asked by a client that tries again at once. */
record ControllerFailOver(Path repository) implements Benchmark.InTurn {
    private static final int KILLS = 3;
    private static final String TOPIC = "controllers";
    private static final ConfigResource RESOURCE = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);

    @Override
    public void measure(Peer peer, Figures figures) throws Exception {
        try (Cluster cluster = Cluster.start(peer, repository)) {
            measure(peer, cluster, figures);
        }
    }

    static void measure(Peer peer, Cluster cluster, Figures figures) throws Exception {
        cluster.createTopic(TOPIC, 1);
        for (int kill = 1; kill <= KILLS; kill++) {
            int killed;
            try (Admin admin = admin(cluster)) {
                change(admin, kill); // whoever is asked is known, and connected
                killed = admin.describeMetadataQuorum().quorumInfo().get().leaderId();
                cluster.kill(killed);
                Stopwatch since = Stopwatch.start();
                change(admin, KILLS + kill);
                figures.note(
                        "active controller killed: until the next change of the metadata, s", peer, since.seconds());
            }
            long startedMs = System.currentTimeMillis();
            cluster.startAgain(killed);
            cluster.awaitVoters(startedMs);
        }
    }

    private static Admin admin(Cluster cluster) {
        return Admin.create(Map.of(
                "bootstrap.servers",
                cluster.addresses(),
                "request.timeout.ms",
                1_000,
                "retry.backoff.ms",
                20,
                "retry.backoff.max.ms",
                20,
                "reconnect.backoff.ms",
                20,
                "reconnect.backoff.max.ms",
                20));
    }

    /** Returns when it is committed. */
    private static void change(Admin admin, int number) throws Exception {
        Collection<AlterConfigOp> changes = List.of(
                new AlterConfigOp(new ConfigEntry("retention.ms", Integer.toString(3_600_000 + number)), OpType.SET));
        while (true) {
            try {
                admin.incrementalAlterConfigs(Map.of(RESOURCE, changes)).all().get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
            }
        }
    }
}
