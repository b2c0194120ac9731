package io.milena.broker.telemetry;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.PushTelemetryRequest;
import io.milena.protocol.message.PushTelemetryResponse;
import java.util.UUID;

/** PushTelemetry: takes a final push of a client that knows the empty subscription, and drops it; sends all others back to ask first. */
public final class PushTelemetryHandler implements ApiHandler<PushTelemetryRequest> {
    private static final UUID NONE = new UUID(0, 0);

    @Override
    public Answer handle(PushTelemetryRequest request, RequestContext context) {
        return Answer.now(
                PushTelemetryResponse.builder().errorCode(check(request).code()).build());
    }

    private static ErrorCode check(PushTelemetryRequest request) {
        if (request.clientInstanceId().equals(NONE)) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (request.subscriptionId() != GetTelemetrySubscriptionsHandler.EMPTY_SUBSCRIPTION_ID) {
            return ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
        }
        boolean isTooLarge = request.metrics().remaining() > GetTelemetrySubscriptionsHandler.PUSH_BYTES_MAX;
        return isTooLarge ? ErrorCode.TELEMETRY_TOO_LARGE : ErrorCode.NONE;
    }
}
