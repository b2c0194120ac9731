package io.milena.metadata.balance;

import java.util.UUID;

/** What replicas were measured to hold and to carry. */
@FunctionalInterface
public interface ReplicaLoads {
    /** {@link ReplicaLoad#NONE} if nobody has measured it. */
    ReplicaLoad of(UUID topicId, int partition, int broker);
}
