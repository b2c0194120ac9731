package io.milena.simulator;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.util.Set;
import java.util.random.RandomGenerator;

/** One broker, or a cluster, as one client program finds it. What a workload does is the same for both: it asks whoever is in charge, and learns here what may go wrong and pass again. */
public interface Brokers {
    /** Who is asked. */
    record Target(Role role, String name, int partition) {
        public enum Role {
            LEADER,
            GROUP_COORDINATOR,
            TRANSACTION_COORDINATOR
        }

        public static Target leader(String topic, int partition) {
            return new Target(Role.LEADER, topic, partition);
        }

        public static Target ofGroup(String group) {
            return new Target(Role.GROUP_COORDINATOR, group, 0);
        }

        public static Target ofTransactions(String transactionalId) {
            return new Target(Role.TRANSACTION_COORDINATOR, transactionalId, 0);
        }
    }

    /** For decisions of the client. */
    RandomGenerator random();

    long nowMs();

    /** Does nothing for a while. */
    void rest(long maxMs) throws IOException;

    <R extends ApiMessage> R ask(Target target, ApiMessage request, int version, Class<R> type) throws IOException;

    /** Has a request carried out, and the connection die before anybody hears the answer. */
    void askInVain(Target target, ApiMessage request, int version) throws IOException;

    /** The latest leader epoch of a partition that the client knows of, or -1. */
    int leaderEpoch(Target leader) throws IOException;

    /** A committed offset tells the leader epoch in which somebody has read up to it: leaders of earlier ones need not have what is there (KIP-320). */
    void heardOf(Target leader, int leaderEpoch);

    /** Whether who is asked is in charge by the newest metadata, and not only believes to be. */
    boolean isInCharge(Target target) throws IOException;

    /** Errors that pass by themselves, as brokers come and go. */
    Set<ErrorCode> passing();

    /** After something that may pass: whether the client does the same again, after a while. Otherwise it begins anew. */
    boolean comesAgain() throws IOException;

    /** A producer was told that its batch is there. */
    void acknowledged(Target leader, long offset, RecordBatch batch);

    /** A consumer was told how far a partition is stable. */
    void toldStable(Target leader, long lastStableOffset);

    /** Whether all is well; what is expected, or passes, is not, and anything else is a broken promise. */
    default boolean isFine(short code, String what, ErrorCode... expected) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE
                && !Set.of(expected).contains(error)
                && !passing().contains(error)) {
            throw new History.Violation(what + " was refused: " + error);
        }
        return error == ErrorCode.NONE;
    }
}
