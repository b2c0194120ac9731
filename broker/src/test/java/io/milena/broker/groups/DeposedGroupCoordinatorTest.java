package io.milena.broker.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.milena.broker.api.RequestContext;
import io.milena.broker.partitions.LoneReplicaHost;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.Replica;
import io.milena.groups.Command;
import io.milena.groups.GroupSettings;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.replication.Assignment;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Environment;
import io.milena.runtime.TrustedTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shard of a broker that leads it no more, asked by somebody who had found it before. */
class DeposedGroupCoordinatorTest {
    private static final String TOPIC = "__consumer_offsets";
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final RequestContext CONTEXT =
            new RequestContext((short) 4, "client", NOWHERE, NOWHERE, (key, action) -> {});

    @TempDir
    Path data = Path.of("");

    private final Environment environment = Environment.system();
    private final Partitions partitions = new Partitions(1);
    private LogDirectory directory;
    private TimerQueue timers;
    private ShardHost shard;

    @BeforeEach
    void load() throws IOException {
        directory = LogDirectory.open(data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, environment);
        directory.create(TOPIC, List.of(0), Uuids.random(new Random(1)), LogSettings.DEFAULTS);
        Replica replica = new Replica(
                Objects.requireNonNull(directory.log(TOPIC, 0)),
                new LoneReplicaHost(1, environment),
                ReplicationSettings.DEFAULT);
        partitions.add(replica);
        replica.assign(new Assignment(1, 0, 0, List.of(1), List.of(1)));
        timers = new TimerQueue(environment.clock(), environment.threads(), "timers");
        shard = ShardHost.load(
                partitions.all(TOPIC).getFirst(),
                new ShardHost.Surroundings(
                        GroupSettings.defaults(),
                        timers,
                        new TrustedTime(environment.clock()),
                        () -> new ImageTopics(ClusterImage.EMPTY)));
        shard.resign();
    }

    @AfterEach
    void close() {
        timers.close();
        directory.close();
    }

    @Test
    void sendsItsClientsAway() throws InterruptedException {
        HeartbeatRequest beat = HeartbeatRequest.builder()
                .groupId("g")
                .memberId("m")
                .generationId(1)
                .build();
        HeartbeatResponse answer = assertInstanceOf(
                HeartbeatResponse.class,
                shard.submit(CONTEXT, context -> new Command.Heartbeat(context, beat))
                        .await());
        assertEquals(ErrorCode.NOT_COORDINATOR.code(), answer.errorCode());
    }

    @Test
    void decidesNothingAnyMore() {
        long end = shard.endOffset();
        shard.tell(new Command.ForgetTopics(List.of(), 0));
        assertEquals(end, shard.endOffset());
    }
}
