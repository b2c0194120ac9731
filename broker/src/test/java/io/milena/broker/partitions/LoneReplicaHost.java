package io.milena.broker.partitions;

import io.milena.replication.Brokers;
import io.milena.replication.Proposal;
import io.milena.runtime.Environment;

/** Of a broker that is alone: its replicas ask for nothing. */
public record LoneReplicaHost(int localId, Environment environment) implements ReplicaHost {
    @Override
    public Brokers brokers() {
        return id -> null;
    }

    @Override
    public void fetch(Replica replica) {
        throw new AssertionError("there is nobody to fetch from");
    }

    @Override
    public void lookAgain(Replica replica, long atMs) {
        throw new AssertionError("there is nothing to look at");
    }

    @Override
    public void askOffsets(Replica replica, int leader, int leaderEpoch) {
        throw new AssertionError("there is nobody to ask");
    }

    @Override
    public void propose(Replica replica, Proposal proposal, int attempt) {
        throw new AssertionError("there is nothing to propose");
    }
}
