package io.milena.broker;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiCatalog;
import io.milena.broker.cluster.BrokerIdentity;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.Features;
import io.milena.broker.controller.ActiveController;
import io.milena.broker.controller.ControllerApis;
import io.milena.broker.controller.ControllerConnection;
import io.milena.broker.controller.ControllerPresence;
import io.milena.broker.controller.EnvelopeHandler;
import io.milena.broker.quorum.AddRaftVoterHandler;
import io.milena.broker.quorum.QuorumJoining;
import io.milena.broker.quorum.QuorumUpkeep;
import io.milena.broker.quorum.RemoveRaftVoterHandler;
import io.milena.protocol.ApiKey;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.*;
import io.milena.runtime.Environment;
import java.util.ArrayList;
import java.util.List;

/** What a node does as a member of the quorum, and as one of its controllers: the APIs about them, and the threads that keep them right. */
final class QuorumRole implements AutoCloseable {
    private final ClusterMetadata metadata;
    private final ListenerSettings.Protocol protocol;
    private final Environment environment;
    private final List<AutoCloseable> threads = new ArrayList<>();

    /** @param protocol that the node speaks with others */
    QuorumRole(ClusterMetadata metadata, ListenerSettings.Protocol protocol, Environment environment) {
        this.metadata = metadata;
        this.protocol = protocol;
        this.environment = environment;
    }

    /** Becomes a member, if it is none. */
    void join() {
        threads.add(new QuorumJoining(metadata.log(), environment));
    }

    /** Adds what is asked of the active controller about the quorum. */
    void complete(ApiCatalog catalog, String clusterId) {
        catalog.add(
                        ApiKey.ADD_RAFT_VOTER,
                        0,
                        1,
                        AddRaftVoterRequest.class,
                        new AddRaftVoterHandler(clusterId, metadata.log()))
                .add(
                        ApiKey.REMOVE_RAFT_VOTER,
                        0,
                        0,
                        RemoveRaftVoterRequest.class,
                        new RemoveRaftVoterHandler(clusterId, metadata.log(), environment.clock()));
    }

    /**
     * Has what the active controller answers passed on to it.
     *
     * @param forQuestions whose answers nobody waits for when another node leads
     * @param forChanges which take longer, and may be the end of who answers them as a leader
     */
    void passOn(ControllerApis apis, ControllerConnection forQuestions, ControllerConnection forChanges) {
        apis.passOn(ApiKey.DESCRIBE_QUORUM, DescribeQuorumRequest.class, forQuestions);
        apis.passOn(ApiKey.ADD_RAFT_VOTER, AddRaftVoterRequest.class, forChanges);
        apis.passOn(ApiKey.REMOVE_RAFT_VOTER, RemoveRaftVoterRequest.class, forChanges);
    }

    /** Adds what only other nodes ask a controller. */
    void completeForNodes(ApiCatalog catalog, ControllerApis apis, ActiveController deciding) {
        catalog.add(ApiKey.ENVELOPE, 0, 0, EnvelopeRequest.class, new EnvelopeHandler(apis, metadata))
                .add(
                        ApiKey.CONTROLLER_REGISTRATION,
                        0,
                        0,
                        ControllerRegistrationRequest.class,
                        (request, context) -> Answer.later(() -> deciding.register(request)));
    }

    /** Begins to be a controller that others find. */
    void control(BrokerIdentity identity, ControllerConnection controller) {
        ControllerRegistrationRequest registration = ControllerRegistrationRequest.builder()
                .controllerId(identity.nodeId())
                .incarnationId(Uuids.random(environment.random()))
                .listeners(List.of(new ControllerRegistrationRequest.Listener(
                        "CONTROLLER", identity.host(), identity.port(), protocol.id())))
                .features(Features.SUPPORTED.stream()
                        .map(feature ->
                                new ControllerRegistrationRequest.Feature(feature.name(), feature.min(), feature.max()))
                        .toList())
                .build();
        threads.add(new ControllerPresence(metadata, controller, registration, environment));
        threads.add(new QuorumUpkeep(metadata, environment));
    }

    @Override
    public void close() {
        for (AutoCloseable thread : threads) {
            try {
                thread.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
