package io.milena.broker.controller;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.NotControllerException;
import io.milena.network.CloseConnection;
import io.milena.protocol.ApiMessage;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;

/**
 * An API that the active controller serves: clients may ask any broker, which passes it on. While there is none, because one has died, it waits for the next.
 *
 * @param here who serves it where the controller is
 */
record PassedOn<Q extends ApiMessage>(
        ApiHandler<Q> here, ClusterMetadata metadata, ControllerConnection controller, Clock clock)
        implements ApiHandler<Q> {
    private static final long PATIENCE_MS = 10_000;
    private static final long PAUSE_MS = 50;

    @Override
    public Answer handle(Q request, RequestContext context) {
        return metadata.isLeading() ? here.handle(request, context) : Answer.later(() -> passed(request, context));
    }

    private ApiMessage passed(Q request, RequestContext context) throws InterruptedException {
        Deadline patience = Deadline.afterMs(clock, PATIENCE_MS);
        while (true) {
            try {
                return controller.pass(request, context);
            } catch (NotControllerException e) {
                if (patience.isPast()) {
                    throw new CloseConnection("there is no active controller: " + e.getMessage());
                }
                metadata.changed().await(() -> false, Deadline.afterMs(clock, PAUSE_MS));
            } catch (IOException e) {
                throw new CloseConnection("the active controller does not answer: " + e.getMessage());
            }
        }
    }
}
