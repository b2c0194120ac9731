package io.milena.broker.controller;

import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.NotControllerException;
import io.milena.metadata.BrokerChanges;
import io.milena.metadata.BrokerHeartbeats;
import io.milena.metadata.BrokerLiveness;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Controller;
import io.milena.metadata.ControllerSettings;
import io.milena.metadata.Decision;
import io.milena.metadata.DirectoryAssignments;
import io.milena.metadata.IsrChanges;
import io.milena.metadata.Outcome;
import io.milena.metadata.Registrations;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AllocateProducerIdsResponse;
import io.milena.protocol.message.AlterPartitionRequest;
import io.milena.protocol.message.AlterPartitionResponse;
import io.milena.protocol.message.AssignReplicasToDirsRequest;
import io.milena.protocol.message.AssignReplicasToDirsResponse;
import io.milena.protocol.message.BrokerHeartbeatRequest;
import io.milena.protocol.message.BrokerHeartbeatResponse;
import io.milena.protocol.message.BrokerRegistrationRequest;
import io.milena.protocol.message.BrokerRegistrationResponse;
import io.milena.protocol.message.ControllerRegistrationRequest;
import io.milena.protocol.message.ControllerRegistrationResponse;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.quorum.Leadership;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What only the active controller decides: who belongs to the cluster and is alive, who leads, who is in sync. It is on every node that may lead the metadata, and does nothing where it does not. What it
 * remembers of brokers' sessions is touched within {@link ClusterMetadata#change} only, so by one thread at a time.
 */
public final class ActiveController implements Runnable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ActiveController.class.getName());
    private static final long PAUSE_MS = 1_000;

    private final ClusterMetadata metadata;
    private final Network network;
    private final Environment environment;
    private final Clock clock;
    private final Patience patience;
    private final BrokerLiveness liveness;
    private final Registrations registrations;
    private final BrokerHeartbeats heartbeats;
    private final BrokerChanges brokers;
    private final IsrChanges isr;
    private final DirectoryAssignments assignments;
    private final UnaskedElections elections;
    private final Controller controller;
    private final Thread thread;
    private int lastOtherLeader = Leadership.NOBODY;
    /** How often somebody was said to have left. */
    private final AtomicLong departures = new AtomicLong();

    /** Why a broker was not registered when it last asked. */
    private final Map<Integer, String> refused = new ConcurrentHashMap<>();
    /** On what each broker was heard last since this node leads. */
    private final Map<Integer, RequestContext.Connection> heardOn = new ConcurrentHashMap<>();
    /** Of brokers that were not heard of since this node leads. */
    private final Map<Integer, BrokerProbe> probes = new ConcurrentHashMap<>();

    private volatile boolean isStopping;

    /**
     * When brokers are given up, in ms.
     *
     * @param sessionTimeout {@code broker.session.timeout.ms}
     * @param brokenConnectionGrace how long after its connection to the controller has broken a broker may come with another one
     */
    public record Patience(long sessionTimeout, long brokenConnectionGrace) {}

    public ActiveController(
            ClusterMetadata metadata,
            Controller controller,
            String clusterId,
            ControllerSettings settings,
            Patience patience,
            UnaskedElections.Settings elections,
            Network network,
            Environment environment) {
        this.metadata = metadata;
        this.controller = controller;
        this.network = network;
        this.environment = environment;
        this.clock = environment.clock();
        this.patience = patience;
        this.liveness = new BrokerLiveness(patience.sessionTimeout, patience.brokenConnectionGrace);
        this.registrations = new Registrations(clusterId, settings);
        this.heartbeats = new BrokerHeartbeats(settings);
        this.brokers = new BrokerChanges(settings);
        this.isr = new IsrChanges(settings);
        this.assignments = new DirectoryAssignments(settings);
        this.elections = new UnaskedElections(elections, settings);
        this.thread = environment.threads().start("controller", this);
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos());
    }

    public BrokerRegistrationResponse register(BrokerRegistrationRequest request) throws IOException {
        Registrations.Registered registered =
                metadata.change((image, offset) -> registrations.register(image, liveness, request, offset, nowMs()));
        String reason = registered.reason();
        if (reason == null) {
            refused.remove(request.brokerId());
        } else if (!reason.equals(refused.put(request.brokerId(), reason))) { // it tries again and again
            LOG.log(Level.WARNING, "Broker {0} is not registered: {1}", request.brokerId(), reason);
        }
        return registered.response();
    }

    /** Where another controller, or this one, is reached. */
    public ControllerRegistrationResponse register(ControllerRegistrationRequest request) {
        Decision decision = metadata.decide(image -> registrations.register(image, request));
        return ControllerRegistrationResponse.builder()
                .errorCode(decision.error().code())
                .errorMessage(decision.message())
                .build();
    }

    /** @param connection on which it came */
    public BrokerHeartbeatResponse heartbeat(BrokerHeartbeatRequest request, RequestContext.Connection connection)
            throws IOException {
        return metadata.change((image, offset) -> {
            Outcome<BrokerHeartbeatResponse> outcome = heartbeats.answer(image, liveness, request, offset - 1, nowMs());
            if (outcome.answer().errorCode() == ErrorCode.NONE.code()) {
                heardOn.put(request.brokerId(), connection);
                end(probes.remove(request.brokerId()));
            }
            return outcome;
        });
    }

    public AlterPartitionResponse alterPartition(AlterPartitionRequest request, short version) throws IOException {
        return metadata.change((image, offset) -> isr.alter(image, request, version));
    }

    public AssignReplicasToDirsResponse assignDirectories(AssignReplicasToDirsRequest request) throws IOException {
        return metadata.change((image, offset) -> assignments.assign(image, request));
    }

    public AllocateProducerIdsResponse allocateProducerIds() throws IOException {
        return metadata.change((image, offset) -> new Outcome<>(
                controller.allocateProducerIds(image).records(),
                AllocateProducerIdsResponse.builder()
                        .producerIdStart(image.nextProducerId())
                        .producerIdLen(Controller.PRODUCER_ID_BLOCK)
                        .build()));
    }

    /** A connection on which a broker was heard has ended. It says nothing if the broker was heard on another one since, or this node has only led again since. */
    public void connectionBroke(int broker, long brokerEpoch, RequestContext.Connection connection) {
        try {
            metadata.change((image, offset) -> {
                if (heardOn.remove(broker, connection)) {
                    liveness.connectionBroke(broker, brokerEpoch, nowMs());
                }
                return new Outcome<>(List.of(), true);
            });
            departed();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A broker has left who does not matter here: {0}", e.getMessage());
        }
    }

    private void departed() {
        departures.incrementAndGet();
        metadata.changed().raise();
    }

    @Override
    public void run() {
        try {
            while (!isStopping) {
                Leadership leadership = metadata.leadership();
                if (metadata.isElected()) {
                    lead(leadership);
                } else {
                    lastOtherLeader =
                            leadership.leaderId() == Leadership.NOBODY ? lastOtherLeader : leadership.leaderId();
                    metadata.resignIfUncertain();
                    metadata.changed()
                            .await(
                                    () -> isStopping || !metadata.leadership().equals(leadership),
                                    metadata.isUncertain() ? Deadline.afterMs(clock, PAUSE_MS) : Deadline.never());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until somebody else leads. */
    private void lead(Leadership leadership) throws InterruptedException {
        LOG.log(Level.INFO, "This node is the active controller, in epoch {0}", leadership.epoch());
        try {
            metadata.begin(this::reset);
            while (!isStopping && metadata.isLeading() && metadata.leadership().equals(leadership)) {
                long seen = departures.get();
                long nextMs = metadata.change((image, offset) -> {
                    noteGone();
                    List<Integer> ended = liveness.ended(image, nowMs());
                    if (!ended.isEmpty()) {
                        LOG.log(Level.WARNING, "Brokers {0} have not been heard of, and are fenced", ended);
                    }
                    return new Outcome<>(brokers.fence(image, ended), liveness.nextDeadlineMs(image));
                });
                metadata.change((image, offset) -> new Outcome<>(elections.due(image, nowMs()), true));
                await(leadership, nextMs, seen);
            }
        } catch (NotControllerException e) {
            LOG.log(Level.DEBUG, "the leadership has ended");
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The controller cannot decide now: {0}", e.getMessage());
            clock.sleepMs(PAUSE_MS);
        } finally {
            endProbes();
        }
    }

    /** Brokers that live tell a new controller so at once. Whoever does not is looked after; at once if it led before, since most leaderships end with a process. */
    private void reset(ClusterImage image) {
        heardOn.clear();
        endProbes();
        liveness.reset(image, nowMs());
        elections.reset(nowMs());
        for (RegisterBrokerRecord broker : image.brokers()) {
            if (!broker.fenced()) {
                long delayMs = broker.brokerId() == lastOtherLeader ? 0 : patience.brokenConnectionGrace;
                probes.put(broker.brokerId(), new BrokerProbe(broker, delayMs, network, environment, this::departed));
            }
        }
    }

    private void noteGone() {
        probes.forEach((id, probe) -> {
            if (probe.isGone()) {
                liveness.isGone(id, probe.brokerEpoch(), nowMs());
            }
        });
    }

    private void endProbes() {
        probes.values().forEach(ActiveController::end);
        probes.clear();
    }

    private static void end(@Nullable BrokerProbe probe) {
        if (probe != null) {
            probe.close();
        }
    }

    private void await(Leadership leadership, long untilMs, long seen) throws InterruptedException {
        metadata.changed()
                .await(
                        () -> isStopping || !metadata.leadership().equals(leadership) || departures.get() != seen,
                        Deadline.afterMs(clock, Math.min(PAUSE_MS, untilMs - nowMs())));
    }

    @Override
    public void close() {
        isStopping = true;
        metadata.changed().raise();
        thread.interrupt();
    }
}
