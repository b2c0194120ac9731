package io.milena.broker.groups;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.partitions.Partitions;
import io.milena.groups.GroupSummary;
import io.milena.protocol.message.DescribeLagRequest;
import io.milena.protocol.message.DescribeLagRequest.LagPlace;
import io.milena.protocol.message.DescribeLagResponse;
import io.milena.protocol.message.DescribeLagResponse.LagThere;
import io.milena.runtime.Clock;

/** DescribeLag, an API of Milena's own: how far groups are behind in partitions that this broker leads, for their coordinators. */
public final class DescribeLagHandler implements ApiHandler<DescribeLagRequest> {
    private static final LagThere UNKNOWN = new LagThere(-1, -1);

    private final Partitions partitions;
    private final Clock clock;

    public DescribeLagHandler(Partitions partitions, Clock clock) {
        this.partitions = partitions;
        this.clock = clock;
    }

    @Override
    public Answer handle(DescribeLagRequest request, RequestContext context) {
        return Answer.now(DescribeLagResponse.builder()
                .lags(request.places().stream().map(this::lag).toList())
                .build());
    }

    private LagThere lag(LagPlace place) {
        GroupSummary.Offset committed =
                new GroupSummary.Offset(place.topic(), place.topicId(), place.partition(), place.committedOffset());
        return GroupLag.of(committed, partitions)
                .map(lag ->
                        new LagThere(lag.records(), lag.ageMs(clock.millis()).orElse(-1)))
                .orElse(UNKNOWN);
    }
}
