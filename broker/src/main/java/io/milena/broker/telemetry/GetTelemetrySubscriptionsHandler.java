package io.milena.broker.telemetry;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.message.GetTelemetrySubscriptionsRequest;
import io.milena.protocol.message.GetTelemetrySubscriptionsResponse;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** GetTelemetrySubscriptions: gives the client an instance id and a subscription to nothing, to be asked for again in five minutes. */
public final class GetTelemetrySubscriptionsHandler implements ApiHandler<GetTelemetrySubscriptionsRequest> {
    static final int EMPTY_SUBSCRIPTION_ID = 0;
    static final int PUSH_BYTES_MAX = 1024 * 1024;
    private static final int PUSH_INTERVAL_MS = 300_000;
    private static final UUID NONE = new UUID(0, 0);
    /** zstd, lz4, gzip, snappy: by preference. */
    private static final List<Byte> COMPRESSION_TYPES = List.of((byte) 4, (byte) 3, (byte) 1, (byte) 2);

    private final RandomGenerator random;

    public GetTelemetrySubscriptionsHandler(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Answer handle(GetTelemetrySubscriptionsRequest request, RequestContext context) {
        UUID instance = request.clientInstanceId().equals(NONE)
                ? new UUID(random.nextLong(), random.nextLong())
                : request.clientInstanceId();
        return Answer.now(GetTelemetrySubscriptionsResponse.builder()
                .clientInstanceId(instance)
                .subscriptionId(EMPTY_SUBSCRIPTION_ID)
                .acceptedCompressionTypes(COMPRESSION_TYPES)
                .pushIntervalMs(PUSH_INTERVAL_MS)
                .telemetryMaxBytes(PUSH_BYTES_MAX)
                .deltaTemporality(true)
                .requestedMetrics(List.of())
                .build());
    }
}
