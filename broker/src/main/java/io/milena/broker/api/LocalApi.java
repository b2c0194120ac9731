package io.milena.broker.api;

import io.milena.protocol.ApiMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Asks a broker's own APIs within its process, for what runs beside it: the same handlers that clients reach, without a connection and without encoding. Any thread may ask, and waits until the
 * answer is there. What is asked so is not counted among the requests of clients.
 */
public final class LocalApi {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final ApiCatalog catalog;
    private final String clientId;
    private final int brokerId;
    private final OtherBrokers others;

    /**
     * Of a broker.
     *
     * @param clientId as groups and logs show who asks
     */
    public LocalApi(ApiCatalog catalog, String clientId, int brokerId, OtherBrokers others) {
        this.catalog = catalog;
        this.clientId = clientId;
        this.brokerId = brokerId;
        this.others = others;
    }

    /** Who answers. */
    public int brokerId() {
        return brokerId;
    }

    /**
     * As {@link #ask(ApiMessage, Class)}, of any broker of the cluster: over a connection where it is another one, in the version that would be used here.
     *
     * @throws IOException if another broker cannot be reached, or does not answer
     */
    public <R extends ApiMessage> R ask(int broker, ApiMessage request, Class<R> response)
            throws IOException, InterruptedException {
        return ask(broker, request, served(request).max(), response);
    }

    /** The same in a version that is served. */
    public <R extends ApiMessage> R ask(int broker, ApiMessage request, short version, Class<R> response)
            throws IOException, InterruptedException {
        return broker == brokerId ? ask(request, version, response) : others.ask(broker, request, version, response);
    }

    /**
     * Asks in the highest version that is served. File parts of the answer are the caller's to release.
     *
     * @throws IllegalArgumentException if the API is not served, or has no answer for this request
     * @throws InterruptedException if the caller is, while the answer is waited for
     */
    public <R extends ApiMessage> R ask(ApiMessage request, Class<R> response) throws InterruptedException {
        return ask(request, served(request).max(), response);
    }

    private ApiCatalog.Entry served(ApiMessage request) {
        ApiCatalog.Entry api = catalog.find(request.apiKey());
        if (api == null) {
            throw new IllegalArgumentException(request.apiKey() + " is not served");
        }
        return api;
    }

    /** As {@link #ask(ApiMessage, Class)}, in a version that is served. */
    public <R extends ApiMessage> R ask(ApiMessage request, short version, Class<R> response)
            throws InterruptedException {
        ApiCatalog.Entry api = served(request);
        return response.cast(await(request, api.handler().handle(request, context(version, clientId))));
    }

    /** Of a question that is asked in this process. */
    public static RequestContext context(short version, String clientId) {
        return new RequestContext(version, clientId, HERE, HERE, (key, action) -> {});
    }

    /** The answer, when it is there. */
    public static ApiMessage await(ApiMessage request, Answer answer) throws InterruptedException {
        return switch (answer) {
            case Answer.None ignored -> throw new IllegalArgumentException(request.apiKey() + " has no answer to this");
            case Answer.Now now -> now.response();
            case Answer.Later later -> await(later);
        };
    }

    private static ApiMessage await(Answer.Later later) throws InterruptedException {
        try {
            return later.response().call();
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("waiting for an answer failed", e);
        }
    }
}
