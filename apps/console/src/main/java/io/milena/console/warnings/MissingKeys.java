package io.milena.console.warnings;

import java.util.Optional;

/** A topic of several partitions in which some records have keys, so that somebody relies on an order, and others have none, and so no order. */
public final class MissingKeys {
    private MissingKeys() {}

    /**
     * Of the newest records.
     *
     * @param withKey how many of them have one
     */
    public static Optional<Warning> check(String topic, int partitions, int withKey, int withoutKey) {
        return partitions > 1 && withKey > 0 && withoutKey > 0
                ? Optional.of(new Warning(
                        "no-key",
                        Warning.Severity.WARNING,
                        Warning.Subject.topic(topic),
                        "Some records of " + topic + " have no key",
                        withoutKey + " of its newest " + (withKey + withoutKey)
                                + " records have no key, the others have one.",
                        "Records without a key go to any partition: they are not in order with those that belong to"
                                + " them. Give them the key, unless their order does not matter."))
                : Optional.empty();
    }
}
