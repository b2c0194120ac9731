package io.milena.broker.api;

import io.milena.network.CloseConnection;
import io.milena.network.FrameHandler;
import io.milena.network.Reply;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.ApiVersionsResponse.ApiVersion;
import io.milena.runtime.Clock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/** Decodes the requests of one connection, gives each to its handler, and encodes what comes back. */
public final class RequestDispatcher implements FrameHandler {
    private final ApiCatalog catalog;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final Clock clock;
    /** What is to be done when the connection has ended. */
    private final Map<Object, Runnable> ends = new ConcurrentHashMap<>();

    private final RequestContext.Connection connection = ends::put;

    public RequestDispatcher(
            ApiCatalog catalog, InetSocketAddress localAddress, InetSocketAddress remoteAddress, Clock clock) {
        this.clock = clock;
        this.catalog = catalog;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
    }

    @Override
    public Reply handle(ByteBuffer frame) {
        try {
            RequestFrame request = RequestFrame.peek(frame);
            ApiKey key = request.key();
            ApiCatalog.Entry api = key == null ? null : catalog.find(key);
            if (api == null) {
                throw new CloseConnection("a request for API " + (key == null ? "number " + request.rawKey() : key)
                        + ", which is not served");
            }
            if (!api.serves(request.version())) {
                return refuseVersion(request, api);
            }
            long begin = clock.nanos();
            RequestFrame.Decoded decoded = request.decode();
            api.statistics().received(request.version());
            RequestContext context =
                    new RequestContext(request.version(), decoded.clientId(), localAddress, remoteAddress, connection);
            return reply(new Asked(request, api, context, begin), api.handler().handle(decoded.body(), context));
        } catch (MalformedMessageException e) {
            throw new CloseConnection("a request that is not what it says: " + e.getMessage());
        }
    }

    /** A request that is being answered; it takes the error codes of its answer. For one thread. */
    private static final class Asked implements IntConsumer {
        private final RequestFrame frame;
        private final ApiCatalog.Entry api;
        private final RequestContext context;
        private final long beginNanos;
        /** The first that refuses something. */
        private int refusal;

        Asked(RequestFrame frame, ApiCatalog.Entry api, RequestContext context, long beginNanos) {
            this.frame = frame;
            this.api = api;
            this.context = context;
            this.beginNanos = beginNanos;
        }

        @Override
        public void accept(int code) {
            api.statistics().errors().accept(code);
            if (refusal == 0 && RefusedRequests.isRefusal(code)) {
                refusal = code;
            }
        }
    }

    private Reply reply(Asked request, Answer answer) {
        return switch (answer) {
            case Answer.None ignored -> Reply.none();
            case Answer.Now now -> Reply.ready(encode(request, now.response()));
            case Answer.Later later -> new Awaited(request, later);
        };
    }

    /** A response that has to be waited for. */
    private final class Awaited implements Reply {
        private final Asked request;
        private final Answer.Later later;

        Awaited(Asked request, Answer.Later later) {
            this.request = request;
            this.later = later;
        }

        @Override
        public boolean isSoon() {
            return later.isSoon();
        }

        @Override
        public boolean isReady() {
            return later.isReady().getAsBoolean();
        }

        @Override
        public List<Payload> await() throws InterruptedException {
            try {
                return encode(request, later.response().call());
            } catch (InterruptedException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("waiting for a response failed", e);
            }
        }
    }

    private List<Payload> encode(Asked request, ApiMessage response) {
        response.errorCodes(request);
        if (request.refusal != 0) {
            remember(request, response);
        }
        List<Payload> encoded = ResponseFrame.encode(request.frame.correlationId(), response, request.frame.version());
        request.api.statistics().answered(clock.nanos() - request.beginNanos);
        return encoded;
    }

    private void remember(Asked request, ApiMessage response) {
        catalog.refused()
                .add(
                        new RefusedRequests.Kind(
                                request.context.clientId(),
                                request.context.clientHost(),
                                request.api.key(),
                                ErrorCode.of(request.refusal),
                                RefusedPart.of(response, (short) request.refusal)),
                        clock.millis());
    }

    /** An ApiVersions request of an unknown version is answered in version 0, so that the client learns which to use; all others end the connection. */
    private static Reply refuseVersion(RequestFrame request, ApiCatalog.Entry api) {
        if (api.key() != ApiKey.API_VERSIONS) {
            throw new CloseConnection("version " + request.version() + " of " + api.key() + "; versions " + api.min()
                    + " to " + api.max() + " are served");
        }
        ApiVersionsResponse response = ApiVersionsResponse.builder()
                .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                .apiKeys(List.of(new ApiVersion(api.key().key(), api.min(), api.max())))
                .build();
        return Reply.ready(ResponseFrame.encode(request.correlationId(), response, (short) 0));
    }

    @Override
    public void close() {
        ends.values().forEach(Runnable::run);
    }
}
