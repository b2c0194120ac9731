package io.milena.console;

import io.milena.broker.BrokerHealth;
import java.util.function.Supplier;

/** Whether the broker is well, for what starts it anew (live) and for what sends clients to it (ready): 200 for yes, 503 for no, and the reason. */
final class HealthPages {
    private final Supplier<BrokerHealth> health;

    HealthPages(Supplier<BrokerHealth> health) {
        this.health = health;
    }

    Page live() {
        return request -> {
            BrokerHealth now = health.get();
            return Page.Response.text(now.isAlive() ? 200 : 503, now.isAlive() ? "alive" : now.reason());
        };
    }

    Page ready() {
        return request -> {
            BrokerHealth now = health.get();
            return Page.Response.text(now.isReady() ? 200 : 503, now.reason());
        };
    }
}
