package io.milena.broker;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.Members;
import io.milena.broker.cluster.SingleBroker;
import io.milena.broker.cluster.TopicLogSettings;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.peers.ControllerLink;
import io.milena.broker.peers.Peers;
import io.milena.broker.replicas.Replicas;
import io.milena.log.LogDirectories;
import io.milena.log.LogMove;
import io.milena.metadata.Controller;
import io.milena.runtime.Environment;
import io.milena.runtime.Network;
import java.io.IOException;

/** Of a broker that is alone: it decides for itself, and has no connection to anybody but clients. */
record SoleMembership(SingleBroker self, Peers peers, Replicas replicas, ClusterMetadata metadata)
        implements Membership {
    static SoleMembership open(
            BrokerSettings settings,
            LogDirectories directories,
            Partitions partitions,
            Network network,
            Environment environment)
            throws IOException {
        SingleBroker self = new SingleBroker(settings.nodeId());
        Peers nobody = new Peers(network, environment.clock(), self::address, "broker-" + self.localId());
        Replicas replicas = new Replicas(self, settings.replicas(), partitions, self, nobody, environment);
        try {
            return new SoleMembership(
                    self,
                    nobody,
                    replicas,
                    ClusterMetadata.open(directories, partitions, new TopicLogSettings(settings::effective), replicas));
        } catch (IOException | RuntimeException e) {
            replicas.close();
            throw e;
        }
    }

    @Override
    public ControllerLink controller() {
        return self;
    }

    @Override
    public Members members(BrokerIdentity identity) {
        return identity;
    }

    @Override
    public ApiCatalog complete(ApiCatalog catalog, Controller controller) {
        return catalog;
    }

    @Override
    public LogMove.Finisher finisher() {
        return metadata::finish;
    }

    @Override
    public boolean isCountedOn() {
        return true;
    }

    @Override
    public void join(BrokerIdentity identity, LogDirectories directories) {
        // There is nobody.
    }

    @Override
    public void leave() {
        // There is nobody.
    }

    @Override
    public void vanish() {
        // There is nobody.
    }

    @Override
    public void close() throws IOException {
        replicas.close();
        metadata.close();
    }
}
