package io.milena.broker.partitions;

/** Holds back the copying of replicas that are not in sync, where that would cost producers and consumers too much (KIP-73). Safe for use by many threads. */
public interface CopyThrottle {
    CopyThrottle NONE = new CopyThrottle() {
        @Override
        public long available(Replica replica) {
            return Long.MAX_VALUE;
        }

        @Override
        public void copied(Replica replica, long bytes) {
            // Nobody counts.
        }
    };

    /** How many bytes of this replica may be copied now; 0 or less for none. */
    long available(Replica replica);

    /** So many bytes of it are on their way. */
    void copied(Replica replica, long bytes);
}
