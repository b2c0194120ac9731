package io.milena.broker.controller;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.BrokerHeartbeatRequest;
import io.milena.protocol.message.BrokerHeartbeatResponse;
import io.milena.protocol.message.BrokerRegistrationResponse;
import io.milena.quorum.Leadership;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.UUID;

/**
 * Keeps this broker registered with the active controller and heard of: registers at the start, serves when it has caught up with the metadata, sends heartbeats, to a new controller at once, and asks before it goes, so that others lead what it leads. One thread.
 *
 * <pre>
 * not registered -> registered, fenced -> serves -> unfenced -> wants to shut down -> may go
 * </pre>
 */
public final class BrokerLifecycle implements Runnable {
    private static final System.Logger LOG = System.getLogger(BrokerLifecycle.class.getName());
    private static final int REGISTRATION_VERSION = 4;
    private static final int HEARTBEAT_VERSION = 1;
    private static final long RETRY_MS = 50;
    /** Between two tries to register, after some that failed. */
    private static final long RETRY_MAX_MS = 500;

    private static final long NOT_REGISTERED = -1;

    private final ClusterMetadata metadata;
    private final ControllerLink controller;
    private final OwnRegistration registration;
    private final long intervalMs;
    private final Clock clock;
    private final Signal changed = new Signal();
    private volatile long epoch = NOT_REGISTERED;
    /** Touched by its thread. */
    private List<UUID> toldOffline = List.of();
    /** Who has heard the last heartbeat. Touched by its thread. */
    private Leadership toldTo = new Leadership(0, Leadership.NOBODY);

    private long retryMs = RETRY_MS;
    private ErrorCode refusal = ErrorCode.NONE;

    private volatile boolean isServing;
    private volatile boolean isFenced = true;
    private volatile boolean wantsToGo;
    private volatile boolean isGone;

    /**
     * Of a broker.
     *
     * @param registration what it tells of itself
     * @param intervalMs {@code broker.heartbeat.interval.ms}
     */
    public BrokerLifecycle(
            ClusterMetadata metadata,
            ControllerLink controller,
            OwnRegistration registration,
            long intervalMs,
            Environment environment) {
        this.metadata = metadata;
        this.controller = controller;
        this.registration = registration;
        this.intervalMs = intervalMs;
        this.clock = environment.clock();
        registration.directories().whenFailed(changed::raise);
        metadata.onLeadership(leadership -> changed.raise());
        environment.threads().start("broker-lifecycle", this);
    }

    /** Of the registration, or -1. */
    public long epoch() {
        return epoch;
    }

    /** Whether no controller counts on this broker yet, or one has told it that it does not any more. */
    public boolean isFenced() {
        return isFenced;
    }

    /** Waits until the controller counts on this broker; where that takes too long, it goes on without. */
    public void awaitUnfenced(long patienceMs) throws InterruptedException {
        if (!changed.await(() -> !isFenced || isGone, Deadline.afterMs(clock, patienceMs))) {
            LOG.log(
                    Level.WARNING,
                    "No controller counts on this broker after {0} s; it goes on asking. Are most controllers there?",
                    patienceMs / 1000);
        }
    }

    @Override
    public void run() {
        try {
            while (!isGone) {
                boolean isAnswered = epoch == NOT_REGISTERED ? register() : isServing() && beat();
                changed.raise();
                boolean isAtRest = isAnswered && !isFenced && !wantsToGo;
                long pauseMs = isAtRest ? intervalMs : epoch == NOT_REGISTERED ? retryMs : RETRY_MS;
                changed.await(
                        () -> isGone || (isAtRest && (wantsToGo || hasLostMore() || isUnknown())),
                        Deadline.afterMs(clock, pauseMs));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a directory has failed since the last heartbeat. */
    private boolean hasLostMore() {
        return !registration.offlineDirectories().equals(toldOffline);
    }

    /** Whether somebody leads who has not heard of this broker: it knows nothing of it yet, and would look whether it lives. */
    private boolean isUnknown() {
        Leadership leadership = metadata.leadership();
        return leadership.leaderId() != Leadership.NOBODY && !leadership.equals(toldTo);
    }

    private boolean register() throws InterruptedException {
        try {
            BrokerRegistrationResponse response =
                    controller.ask(registration.request(), REGISTRATION_VERSION, BrokerRegistrationResponse.class);
            if (response.errorCode() == ErrorCode.NONE.code()) {
                registration.note().registered(response.brokerEpoch());
                epoch = response.brokerEpoch();
                retryMs = RETRY_MS;
                refusal = ErrorCode.NONE;
                return true;
            }
            refused(ErrorCode.of(response.errorCode()));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Registering: {0}", e.getMessage());
        }
        retryMs = Math.min(2 * retryMs, RETRY_MAX_MS);
        return false;
    }

    /** Said once, however often it tries. */
    private void refused(ErrorCode error) {
        if (error != refusal) {
            refusal = error;
            LOG.log(Level.INFO, "This broker is not registered yet, and tries again: {0}", error);
        }
    }

    /** Begins to serve when the metadata have come as far as this broker's registration. */
    private boolean isServing() {
        if (!isServing && metadata.offset() >= epoch) {
            try {
                metadata.serve();
                isServing = true;
            } catch (IOException e) {
                LOG.log(Level.ERROR, "This broker cannot serve what the metadata name: {0}", e.getMessage());
            }
        }
        return isServing;
    }

    private boolean beat() throws InterruptedException {
        List<UUID> offline = registration.offlineDirectories();
        Leadership asked = metadata.leadership();
        BrokerHeartbeatRequest request = BrokerHeartbeatRequest.builder()
                .brokerId(registration.request().brokerId())
                .brokerEpoch(epoch)
                .currentMetadataOffset(metadata.offset())
                .wantShutDown(wantsToGo)
                .offlineLogDirs(offline)
                .build();
        try {
            BrokerHeartbeatResponse response =
                    controller.ask(request, HEARTBEAT_VERSION, BrokerHeartbeatResponse.class);
            ErrorCode error = ErrorCode.of(response.errorCode());
            if (error == ErrorCode.STALE_BROKER_EPOCH || error == ErrorCode.BROKER_ID_NOT_REGISTERED) {
                epoch = NOT_REGISTERED;
                return false;
            }
            if (error != ErrorCode.NONE) {
                return false;
            }
            isFenced = response.isFenced();
            toldOffline = offline;
            toldTo = asked;
            isGone |= response.shouldShutDown();
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A heartbeat: {0}", e.getMessage());
            return false;
        }
    }

    /** Asks to go, and waits until others lead what this broker led, or for so long. */
    public void leave(long patienceMs) {
        wantsToGo = true;
        changed.raise();
        try {
            if (epoch != NOT_REGISTERED) {
                changed.await(() -> isGone, Deadline.afterMs(clock, patienceMs));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop();
    }

    /** Sends no more heartbeats. */
    public void stop() {
        isGone = true;
        changed.raise();
    }
}
