package io.milena.broker;

/**
 * Whether a broker is of use.
 *
 * @param isAlive false when only a new start can help
 * @param isReady whether it serves clients
 * @param reason in a few words
 */
public record BrokerHealth(boolean isAlive, boolean isReady, String reason) {
    /** Nothing is wrong. */
    public static final BrokerHealth READY = new BrokerHealth(true, true, "ready");

    /** It will be of use, or was. */
    public static BrokerHealth notReady(String reason) {
        return new BrokerHealth(true, false, reason);
    }

    /** It will not be of use until it is started anew. */
    public static BrokerHealth failed(String reason) {
        return new BrokerHealth(false, false, reason);
    }
}
