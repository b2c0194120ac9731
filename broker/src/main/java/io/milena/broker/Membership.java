package io.milena.broker;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.Members;
import io.milena.broker.peers.ControllerLink;
import io.milena.broker.peers.Peers;
import io.milena.broker.replicas.Replicas;
import io.milena.log.LogDirectories;
import io.milena.log.LogMove;
import io.milena.metadata.Controller;
import java.io.IOException;

/** How a broker belongs to a cluster: the metadata, its replicas, and the way to others. */
interface Membership {
    ClusterMetadata metadata();

    Replicas replicas();

    ControllerLink controller();

    /** Connections to the other brokers; there are none to have where there is nobody. */
    Peers peers();

    /** Whom clients are told of by this broker. */
    Members members(BrokerIdentity identity);

    /** Adds what is served for other brokers, and passes on what only the active controller serves. */
    ApiCatalog complete(ApiCatalog catalog, Controller controller);

    /** Ends moves between data directories. */
    LogMove.Finisher finisher();

    /** The broker serves: the others may count on it. Returns when they do, or when that takes long. */
    void join(BrokerIdentity identity, LogDirectories directories);

    /** Whether the others count on this broker, as far as it knows. */
    boolean isCountedOn();

    /** The broker wants to stop: others lead what it leads, if there are any. */
    void leave();

    /** The broker is gone from one moment to the next: nobody is told. */
    void vanish();

    /** Ends all that goes on; the metadata last. */
    void close() throws IOException;
}
