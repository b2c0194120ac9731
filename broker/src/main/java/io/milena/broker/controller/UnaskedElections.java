package io.milena.broker.controller;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.ControllerSettings;
import io.milena.metadata.LeaderBalance;
import io.milena.protocol.Message;
import java.util.List;

/** When the elections of {@link LeaderBalance} are held. What was too much for one of them goes on with the next look. Owned by the active controller, which asks it from one thread. */
public final class UnaskedElections {
    private static final int CHANGES_MAX = 1000;

    private final Settings settings;
    private final LeaderBalance balance;
    private long preferAtMs;
    private long leadAgainAtMs;

    /**
     * How often, under Kafka's names.
     *
     * @param prefers {@code auto.leader.rebalance.enable}
     * @param preferIntervalMs {@code leader.imbalance.check.interval.seconds}
     * @param imbalancePercentage {@code leader.imbalance.per.broker.percentage}
     * @param leadAgainIntervalMs {@code unclean.leader.election.interval.ms}
     */
    public record Settings(boolean prefers, long preferIntervalMs, int imbalancePercentage, long leadAgainIntervalMs) {}

    UnaskedElections(Settings settings, ControllerSettings controller) {
        this.settings = settings;
        this.balance = new LeaderBalance(controller, settings.imbalancePercentage);
    }

    /** This node decides from now on. */
    void reset(long nowMs) {
        preferAtMs = nowMs + settings.preferIntervalMs;
        leadAgainAtMs = nowMs + settings.leadAgainIntervalMs;
    }

    /** The changes whose time has come: at most one kind, since each is made of the image as it is. */
    List<Message> due(ClusterImage image, long nowMs) {
        if (settings.prefers && nowMs >= preferAtMs) {
            List<Message> changes = balance.prefer(image, CHANGES_MAX);
            preferAtMs = next(changes, nowMs, settings.preferIntervalMs);
            return changes;
        }
        if (nowMs >= leadAgainAtMs) {
            List<Message> changes = balance.leadAgain(image, CHANGES_MAX);
            leadAgainAtMs = next(changes, nowMs, settings.leadAgainIntervalMs);
            return changes;
        }
        return List.of();
    }

    private static long next(List<Message> changes, long nowMs, long intervalMs) {
        return changes.size() < CHANGES_MAX ? nowMs + intervalMs : nowMs;
    }
}
