package io.milena.console;

import io.milena.broker.Broker;
import io.milena.runtime.Clock;
import java.io.IOException;

/** {@code /api/v1/console}: what a page must know about the console itself. */
final class ConsolePage implements Page {
    private final Cluster cluster;
    private final boolean isReadOnly;
    private final Clock clock;

    ConsolePage(Cluster cluster, boolean isReadOnly, Clock clock) {
        this.cluster = cluster;
        this.isReadOnly = isReadOnly;
        this.clock = clock;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        int broker = cluster.brokerId();
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("version", Broker.VERSION);
            json.writeNumberField("brokerId", broker);
            json.writeBooleanField("isReadOnly", isReadOnly);
            json.writeNumberField("timeMs", clock.millis());
            json.writeEndObject();
        });
    }
}
