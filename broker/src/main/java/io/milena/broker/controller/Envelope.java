package io.milena.broker.controller;

import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.NotControllerException;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Payload;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.message.EnvelopeRequest;
import io.milena.protocol.message.EnvelopeResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** What a broker passes on: a client's request as it was, with its header, and the client's address; and the answer, likewise. */
final class Envelope {
    private Envelope() {}

    static EnvelopeRequest around(int correlationId, ApiMessage request, RequestContext client) {
        return EnvelopeRequest.builder()
                .requestData(
                        withoutSize(RequestFrame.encode(correlationId, client.clientId(), client.version(), request)))
                .clientHostAddress(
                        ByteBuffer.wrap(client.remoteAddress().getAddress().getAddress()))
                .build();
    }

    static EnvelopeResponse answered(int correlationId, ApiMessage response, short version) {
        return EnvelopeResponse.builder()
                .responseData(withoutSize(ResponseFrame.encode(correlationId, response, version)))
                .build();
    }

    /**
     * The answer within.
     *
     * @throws NotControllerException if who was asked does not lead
     * @throws IOException if there is none
     */
    static ApiMessage opened(int correlationId, EnvelopeResponse answer, ApiKey key, short version) throws IOException {
        ByteBuffer within = answer.responseData();
        if (answer.errorCode() == ErrorCode.NOT_CONTROLLER.code()) {
            throw new NotControllerException();
        }
        if (answer.errorCode() != ErrorCode.NONE.code() || within == null) {
            throw new IOException(
                    "the active controller does not take " + key + ": " + ErrorCode.of(answer.errorCode()));
        }
        try {
            return ResponseFrame.decode(within.duplicate(), key, version, correlationId);
        } catch (MalformedMessageException e) {
            throw new IOException("an answer that is none: " + e.getMessage(), e);
        }
    }

    /** A frame as one buffer, without the size in front. */
    private static ByteBuffer withoutSize(List<Payload> frame) {
        int bytes = frame.stream().mapToInt(Payload::sizeInBytes).sum();
        ByteBuffer whole = ByteBuffer.allocate(bytes);
        for (Payload part : frame) {
            if (!(part instanceof Payload.InMemory(ByteBuffer buffer))) {
                throw new IllegalArgumentException("a file does not go into an envelope");
            }
            whole.put(buffer.duplicate());
        }
        return whole.flip().position(Integer.BYTES).slice();
    }
}
