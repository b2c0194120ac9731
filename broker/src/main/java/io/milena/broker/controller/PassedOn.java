package io.milena.broker.controller;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.network.CloseConnection;
import io.milena.protocol.ApiMessage;
import java.io.IOException;

/**
 * An API that the active controller serves: clients may ask any broker, which passes it on, once.
 *
 * @param here who serves it where the controller is
 */
public record PassedOn<Q extends ApiMessage>(ApiHandler<Q> here, ClusterMetadata metadata, ControllerLink controller)
        implements ApiHandler<Q> {
    @Override
    public Answer handle(Q request, RequestContext context) {
        if (metadata.isLeading() || context.clientId().startsWith(ControllerConnection.CLIENT_ID)) {
            return here.handle(request, context);
        }
        return Answer.later(() -> {
            try {
                return controller.ask(request, context.version(), ApiMessage.class);
            } catch (IOException e) {
                throw new CloseConnection("the active controller does not answer: " + e.getMessage());
            }
        });
    }
}
