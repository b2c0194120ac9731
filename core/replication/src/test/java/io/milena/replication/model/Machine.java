package io.milena.replication.model;

import io.milena.replication.Circumstances;
import io.milena.replication.Command;
import io.milena.replication.ReplicaState;
import io.milena.replication.Step;

/** What is tried: {@code Replication::handle}, or something that is broken on purpose. */
@FunctionalInterface
interface Machine {
    Step handle(ReplicaState state, Command command, Circumstances now);
}
