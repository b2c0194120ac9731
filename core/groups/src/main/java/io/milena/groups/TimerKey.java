package io.milena.groups;

/** What a timer is about. A shard has at most one running timer for each key; setting it again moves it. */
public sealed interface TimerKey {
    /** A rebalance: the end of the initial delay, or the last moment at which members may join this round. */
    record JoinRound(String groupId) implements TimerKey {}

    /** The last moment at which the members of a new generation may ask for their assignment. */
    record SyncRound(String groupId) implements TimerKey {}

    /** The session of one member, or of a member id that was given away and has not joined yet (KIP-394). */
    record Session(String groupId, String memberId) implements TimerKey {}

    /** The last moment at which a member of a consumer group may still have what it is to give up. */
    record Revocation(String groupId, String memberId) implements TimerKey {}

    /** The regular search for offsets and groups that nobody needs any more. */
    record OffsetExpiry() implements TimerKey {}
}
