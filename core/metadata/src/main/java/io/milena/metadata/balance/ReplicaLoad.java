package io.milena.metadata.balance;

/**
 * What one replica was measured to hold and to carry.
 *
 * @param bytes on disk
 * @param inPerSecond bytes written to it, by producers or from the leader
 * @param outPerSecond bytes read from it by consumers: they go along with the leadership
 */
public record ReplicaLoad(long bytes, double inPerSecond, double outPerSecond) {
    public static final ReplicaLoad NONE = new ReplicaLoad(0, 0, 0);
}
