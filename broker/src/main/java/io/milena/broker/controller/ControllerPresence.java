package io.milena.broker.controller;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ControllerRegistrationRequest;
import io.milena.protocol.message.ControllerRegistrationResponse;
import io.milena.protocol.record.RegisterControllerRecord;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * Keeps it in the metadata where this controller is reached, so that brokers find it when it is the active one: then it is the one that it tells so. One thread.
 */
public final class ControllerPresence implements Runnable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControllerPresence.class.getName());
    private static final int VERSION = 0;
    private static final long RETRY_MS = 100;
    /** Once it was told that it is registered, it hears of that; this is for a controller that was replaced before anybody else knew. */
    private static final long HEARING_MS = 3_000;

    private final ClusterMetadata metadata;
    private final ControllerLink controller;
    private final ControllerRegistrationRequest registration;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean isStopping;

    public ControllerPresence(
            ClusterMetadata metadata,
            ControllerLink controller,
            ControllerRegistrationRequest registration,
            Environment environment) {
        this.metadata = metadata;
        this.controller = controller;
        this.registration = registration;
        this.clock = environment.clock();
        this.thread = environment.threads().start("controller-presence", this);
    }

    private boolean isKnown() {
        RegisterControllerRecord known = metadata.image().controller(registration.controllerId());
        return known != null && known.incarnationId().equals(registration.incarnationId());
    }

    @Override
    public void run() {
        try {
            while (!isStopping) {
                if (isKnown()) {
                    metadata.changed().await(() -> isStopping || !isKnown(), Deadline.never());
                } else {
                    long pauseMs = register() ? HEARING_MS : RETRY_MS;
                    metadata.changed().await(() -> isStopping || isKnown(), Deadline.afterMs(clock, pauseMs));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean register() throws InterruptedException {
        try {
            ControllerRegistrationResponse response =
                    controller.ask(registration, VERSION, ControllerRegistrationResponse.class);
            LOG.log(Level.DEBUG, "Registering this controller: error {0}", response.errorCode());
            return response.errorCode() == ErrorCode.NONE.code();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Registering this controller: {0}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        isStopping = true;
        thread.interrupt();
    }
}
