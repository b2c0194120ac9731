package io.milena.broker.controller;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.message.EnvelopeRequest;
import io.milena.protocol.message.EnvelopeResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Envelope: a request that another broker passes on for a client. It is answered here or nowhere. A client that sends one itself gains nothing by it.
 *
 * @param apis that are passed on
 */
public record EnvelopeHandler(ControllerApis apis, ClusterMetadata metadata) implements ApiHandler<EnvelopeRequest> {
    @Override
    public Answer handle(EnvelopeRequest request, RequestContext context) {
        if (!metadata.isLeading()) {
            return Answer.now(refused(ErrorCode.NOT_CONTROLLER));
        }
        try {
            RequestFrame frame = RequestFrame.peek(request.requestData());
            ApiKey key = frame.key();
            if (key == null || !apis.isPassedOn(key) || !apis.serves(key, frame.version())) {
                return Answer.now(refused(ErrorCode.INVALID_REQUEST));
            }
            RequestFrame.Decoded within = frame.decode();
            RequestContext client = new RequestContext(
                    frame.version(),
                    within.clientId(),
                    context.localAddress(),
                    address(request.clientHostAddress()),
                    context.connection());
            return answer(frame, apis.handle(within.body(), client));
        } catch (MalformedMessageException | UnknownHostException e) {
            return Answer.now(refused(ErrorCode.INVALID_REQUEST));
        }
    }

    private static InetSocketAddress address(ByteBuffer host) throws UnknownHostException {
        byte[] bytes = new byte[host.remaining()];
        host.duplicate().get(bytes);
        return new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
    }

    private static Answer answer(RequestFrame frame, Answer within) {
        return switch (within) {
            case Answer.None ignored -> Answer.now(refused(ErrorCode.INVALID_REQUEST));
            case Answer.Now now -> Answer.now(wrapped(frame, now.response()));
            case Answer.Later later ->
                Answer.later(() -> wrapped(frame, later.response().call()));
        };
    }

    private static EnvelopeResponse wrapped(RequestFrame frame, ApiMessage response) {
        return Envelope.answered(frame.correlationId(), response, frame.version());
    }

    private static EnvelopeResponse refused(ErrorCode error) {
        return EnvelopeResponse.builder().errorCode(error.code()).build();
    }
}
