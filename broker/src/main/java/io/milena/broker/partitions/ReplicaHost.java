package io.milena.broker.partitions;

import io.milena.replication.Brokers;
import io.milena.replication.Proposal;
import io.milena.runtime.Environment;

/** What replicas need of the broker around them. All methods return at once, and call no replica back on the same thread. */
public interface ReplicaHost {
    int localId();

    Environment environment();

    Brokers brokers();

    /** A fetcher asks the replica what to fetch. */
    void fetch(Replica replica);

    /** The replica gets a tick at that time of the clock, in ms of its nanoseconds. */
    void lookAgain(Replica replica, long atMs);

    /** The leader is asked where its log begins and ends. */
    void askOffsets(Replica replica, int leader, int leaderEpoch);

    /** What holds back the followers of replicas that this broker leads. */
    default CopyThrottle followersThrottle() {
        return CopyThrottle.NONE;
    }

    /** The controller is asked for another set of in-sync replicas. */
    void propose(Replica replica, Proposal proposal, int attempt);
}
