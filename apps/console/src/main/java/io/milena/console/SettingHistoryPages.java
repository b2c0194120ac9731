package io.milena.console;

import io.milena.protocol.message.ListConfigChangesRequest;
import io.milena.protocol.message.ListConfigChangesResponse;
import io.milena.protocol.message.ListConfigChangesResponse.ConfigChange;
import java.io.IOException;
import java.util.List;

/** How the settings of a topic came to be what they are, and the way back. */
final class SettingHistoryPages {
    private final Cluster cluster;

    SettingHistoryPages(Cluster cluster) {
        this.cluster = cluster;
    }

    private ListConfigChangesResponse history(String topic) throws BadRequest {
        cluster.topic(topic);
        ListConfigChangesResponse response =
                cluster.ask(new ListConfigChangesRequest(Cluster.TOPIC, topic), ListConfigChangesResponse.class);
        Cluster.check(response.errorCode(), response.errorMessage());
        return response;
    }

    /** {@code .../settings/history}: the newest first. */
    Page.Response show(Request request) throws BadRequest, IOException {
        ListConfigChangesResponse history = history(request.part("topic"));
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("changes");
            for (ConfigChange change : history.changes().reversed()) {
                json.writeStartObject();
                json.writeNumberField("id", change.metadataOffset());
                json.writeNumberField("timeMs", change.timeMs());
                json.writeStringField("name", change.name());
                json.writeStringField("before", change.before());
                json.writeStringField("after", change.after());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanField("isComplete", history.isComplete());
            json.writeEndObject();
        });
    }

    /** {@code POST .../settings/revert}: a setting is again what it was before a change. */
    Page.Response revert(Request request) throws BadRequest, IOException {
        String topic = request.part("topic");
        long id = request.body().only("id").numberNeeded("id", 0, Long.MAX_VALUE);
        ConfigChange change = history(topic).changes().stream()
                .filter(each -> each.metadataOffset() == id)
                .findFirst()
                .orElseThrow(
                        () -> new BadRequest(404, "No change " + id + " of the settings of " + topic + " is known."));
        new SettingsPages(cluster).alter(topic, List.of(SettingsPages.change(change.name(), change.before())), false);
        return Settings.answer(cluster.settings(topic));
    }
}
