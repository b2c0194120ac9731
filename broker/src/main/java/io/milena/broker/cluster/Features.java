package io.milena.broker.cluster;

import java.util.List;

/**
 * The features that this broker supports and finalises. Clients switch behaviour on them, so each is here only when its behaviour is.
 */
public final class Features {
    /** Named and numbered as Apache Kafka does. */
    public static final List<Feature> SUPPORTED = List.of(
            new Feature("metadata.version", (short) 7, (short) 33),
            new Feature("transaction.version", (short) 0, (short) 2));

    private Features() {}

    public record Feature(String name, short min, short max) {}
}
