package io.milena.console.warnings;

import java.util.Optional;

/** Partitions of a topic whose replicas are not all there. */
public final class MissingReplicas {
    private MissingReplicas() {}

    /**
     * Of a topic.
     *
     * @param offline partitions without a leader, or whose leader's disk has failed
     * @param underReplicated partitions with replicas that are not in sync, those that are offline left out
     */
    public static Optional<Warning> check(String topic, int partitions, int offline, int underReplicated) {
        if (offline > 0) {
            return Optional.of(
                    new Warning(
                            "offline",
                            Warning.Severity.CRITICAL,
                            Warning.Subject.topic(topic),
                            "Topic " + topic + " cannot be used in part",
                            offline + " of " + partitions + " partitions have no leader, or one whose disk has failed.",
                            "Start the brokers that have their replicas; where they run, their log says which disk has failed."));
        }
        return underReplicated > 0
                ? Optional.of(new Warning(
                        "under-replicated",
                        Warning.Severity.WARNING,
                        Warning.Subject.topic(topic),
                        "Topic " + topic + " has replicas that are behind",
                        underReplicated + " of " + partitions + " partitions have a replica that is not in sync.",
                        "Look whether all brokers run and reach each other: one more that fails may stop writes."))
                : Optional.empty();
    }
}
