package io.milena.broker.api;

import io.milena.protocol.message.ListRefusedRequestsRequest;
import io.milena.protocol.message.ListRefusedRequestsResponse;

/** ListRefusedRequests, an API of Milena's own: what this broker has refused, and to whom. */
public final class ListRefusedRequestsHandler implements ApiHandler<ListRefusedRequestsRequest> {
    private final RefusedRequests refused;

    public ListRefusedRequestsHandler(RefusedRequests refused) {
        this.refused = refused;
    }

    @Override
    public Answer handle(ListRefusedRequestsRequest request, RequestContext context) {
        return Answer.now(ListRefusedRequestsResponse.builder()
                .refusals(refused.all().stream()
                        .map(ListRefusedRequestsHandler::described)
                        .toList())
                .build());
    }

    private static ListRefusedRequestsResponse.RefusedRequests described(RefusedRequests.Remembered each) {
        return ListRefusedRequestsResponse.RefusedRequests.builder()
                .clientId(each.kind().clientId())
                .clientHost(each.kind().clientHost())
                .request(ApiCatalog.nameOf(each.kind().api()))
                .error(each.kind().error().name())
                .subject(each.kind().part().subject())
                .topicId(each.kind().part().topicId())
                .partition(each.kind().part().partition())
                .message(each.kind().part().message())
                .count(each.count())
                .firstMs(each.firstMs())
                .lastMs(each.lastMs())
                .build();
    }
}
