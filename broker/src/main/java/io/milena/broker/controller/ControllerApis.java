package io.milena.broker.controller;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.LocalApi;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.runtime.Clock;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the active controller answers, on each node: what clients ask any broker for, which passes it on, and what only brokers ask. Filled before anybody asks.
 */
public final class ControllerApis {
    private final ApiCatalog catalog;
    private final ClusterMetadata metadata;
    private final Clock clock;
    /** As the controller answers them, without passing on. */
    private final Map<ApiKey, ApiCatalog.Entry> passedOn = new EnumMap<>(ApiKey.class);

    /** @param catalog what this node serves */
    public ControllerApis(ApiCatalog catalog, ClusterMetadata metadata, Clock clock) {
        this.catalog = catalog;
        this.metadata = metadata;
        this.clock = clock;
    }

    /** Has an API that is served here passed on to the active controller, where that is another node. */
    public <Q extends ApiMessage> void passOn(ApiKey key, Class<Q> request, ControllerConnection controller) {
        ApiCatalog.Entry entry = catalog.find(key);
        if (entry != null) {
            passedOn.put(key, entry);
            ApiHandler<Q> here = (body, context) -> entry.handler().handle(body, context);
            catalog.add(key, entry.min(), entry.max(), request, new PassedOn<>(here, metadata, controller, clock));
        }
    }

    boolean isPassedOn(ApiKey key) {
        return passedOn.containsKey(key);
    }

    boolean serves(ApiKey key, short version) {
        ApiCatalog.Entry entry = passedOn.get(key);
        return entry != null && version >= entry.min() && version <= entry.max();
    }

    /** As the controller, whoever that is. */
    Answer handle(ApiMessage request, RequestContext context) {
        ApiCatalog.Entry asController = passedOn.get(request.apiKey());
        ApiCatalog.Entry entry = asController == null ? catalog.find(request.apiKey()) : asController;
        if (entry == null) {
            throw new IllegalArgumentException(request.apiKey() + " is not served");
        }
        return entry.handler().handle(request, context);
    }

    /** As {@link #handle}, and waits for the answer. */
    ApiMessage answer(ApiMessage request, RequestContext context) throws InterruptedException {
        return LocalApi.await(request, handle(request, context));
    }

    /** Of a question that this node asks itself. */
    RequestContext contextHere(short version, String clientId) {
        return LocalApi.context(version, clientId);
    }
}
