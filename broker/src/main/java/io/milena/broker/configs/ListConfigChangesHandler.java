package io.milena.broker.configs;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.SettingHistory;
import io.milena.metadata.ClusterImage;
import io.milena.protocol.message.ListConfigChangesRequest;
import io.milena.protocol.message.ListConfigChangesResponse;
import io.milena.protocol.message.ListConfigChangesResponse.ConfigChange;

/** ListConfigChanges, an API of Milena's own: how settings came to be what they are. */
public final class ListConfigChangesHandler implements ApiHandler<ListConfigChangesRequest> {
    private final SettingHistory history;

    public ListConfigChangesHandler(SettingHistory history) {
        this.history = history;
    }

    @Override
    public Answer handle(ListConfigChangesRequest request, RequestContext context) {
        SettingHistory.Known known =
                history.of(new ClusterImage.Resource(request.resourceType(), request.resourceName()));
        return Answer.now(ListConfigChangesResponse.builder()
                .isComplete(known.isComplete())
                .changes(known.changes().stream()
                        .map(change -> new ConfigChange(
                                change.offset(), change.timeMs(), change.name(), change.before(), change.after()))
                        .toList())
                .build());
    }
}
