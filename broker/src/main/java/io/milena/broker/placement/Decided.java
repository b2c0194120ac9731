package io.milena.broker.placement;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.NotControllerException;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Outcome;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * A request that the controller decides as a whole: its records are in the metadata log before it is answered.
 *
 * @param refusal the answer with nothing but an error
 */
record Decided<Q extends ApiMessage, A extends ApiMessage>(
        ClusterMetadata metadata, Command<Q, A> command, Refusal<A> refusal) implements ApiHandler<Q> {
    private static final System.Logger LOG = System.getLogger(Decided.class.getName());

    /** What is made of a request. */
    @FunctionalInterface
    interface Command<Q, A> {
        Outcome<A> decide(ClusterImage image, Q request, short version);
    }

    /** See {@link Decided}. */
    @FunctionalInterface
    interface Refusal<A> {
        A with(ErrorCode error);
    }

    @Override
    public Answer handle(Q request, RequestContext context) {
        return Answer.later(() -> answer(request, context.version()));
    }

    private A answer(Q request, short version) {
        try {
            return metadata.change((image, offset) -> command.decide(image, request, version));
        } catch (NotControllerException e) {
            return refusal.with(ErrorCode.NOT_CONTROLLER);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Changing the cluster's metadata failed", e);
            return refusal.with(ErrorCode.KAFKA_STORAGE_ERROR);
        }
    }
}
