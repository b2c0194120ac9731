package io.milena.broker.partitions;

import io.milena.replication.Brokers;
import io.milena.replication.Proposal;
import io.milena.runtime.Environment;

/** Of broker 1, in a cluster whose others take no part in the test. */
class SilentReplicaHost implements ReplicaHost {
    @Override
    public int localId() {
        return 1;
    }

    @Override
    public Environment environment() {
        return Environment.system();
    }

    @Override
    public Brokers brokers() {
        return id -> null;
    }

    @Override
    public void fetch(Replica replica) {}

    @Override
    public void lookAgain(Replica replica, long atMs) {}

    @Override
    public void askOffsets(Replica replica, int leader, int leaderEpoch) {}

    @Override
    public void propose(Replica replica, Proposal proposal, int attempt) {}
}
