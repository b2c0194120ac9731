package io.milena.transactions;

/** What a timer is about. A shard has at most one running timer for each key; setting it again moves it. */
public sealed interface TimerKey {
    /** The last moment at which the transaction may be open. */
    record Timeout(String transactionalId) implements TimerKey {}

    /** The regular search for transactional ids that nobody uses any more. */
    record Expiry() implements TimerKey {}
}
