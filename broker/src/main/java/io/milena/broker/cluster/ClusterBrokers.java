package io.milena.broker.cluster;

import io.milena.broker.replicas.ClusterView;
import io.milena.metadata.Throttles;
import io.milena.metadata.Throttles.Side;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RegisterControllerRecord;
import io.milena.replication.Brokers;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The brokers of a cluster, as the metadata have them.
 *
 * @param metadata found when it is asked for first, since they need this to open
 * @param epoch of this broker's registration, or -1
 */
public record ClusterBrokers(int localId, Supplier<ClusterMetadata> metadata, LongSupplier epoch)
        implements ClusterView, Members {
    @Override
    public long brokerEpoch() {
        return epoch.getAsLong();
    }

    private @Nullable RegisterBrokerRecord registration(int id) {
        return metadata.get().image().broker(id);
    }

    @Override
    public Brokers brokers() {
        return id -> {
            RegisterBrokerRecord broker = registration(id);
            return broker == null
                    ? null
                    : new Brokers.Broker(id, broker.brokerEpoch(), standing(broker), broker.rack());
        };
    }

    private static Brokers.Standing standing(RegisterBrokerRecord broker) {
        if (broker.fenced()) {
            return Brokers.Standing.FENCED;
        }
        return broker.inControlledShutdown() ? Brokers.Standing.SHUTTING_DOWN : Brokers.Standing.ACTIVE;
    }

    @Override
    public long copyRate(Side side) {
        return Throttles.rate(metadata.get().image(), localId, side);
    }

    @Override
    public boolean isThrottled(Side side, String topic, int partition) {
        return Throttles.isThrottled(metadata.get().image(), topic, partition, localId, side);
    }

    @Override
    public @Nullable InetSocketAddress address(int brokerId) {
        RegisterBrokerRecord broker = registration(brokerId);
        return broker == null || broker.endPoints().isEmpty()
                ? null
                : InetSocketAddress.createUnresolved(
                        broker.endPoints().getFirst().host(),
                        broker.endPoints().getFirst().port());
    }

    /** Of a node that may be the active controller: it says so itself, and until then where it is as a broker counts. */
    public @Nullable InetSocketAddress controllerAddress(int id) {
        RegisterControllerRecord controller = metadata.get().image().controller(id);
        return controller == null || controller.endPoints().isEmpty()
                ? address(id)
                : InetSocketAddress.createUnresolved(
                        controller.endPoints().getFirst().host(),
                        controller.endPoints().getFirst().port());
    }

    @Override
    public List<Member> fenced() {
        return metadata.get().image().brokers().stream()
                .filter(RegisterBrokerRecord::fenced)
                .map(ClusterBrokers::member)
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable Member member(RegisterBrokerRecord broker) {
        return broker.endPoints().isEmpty()
                ? null
                : new Member(
                        broker.brokerId(),
                        broker.endPoints().getFirst().host(),
                        broker.endPoints().getFirst().port(),
                        broker.rack());
    }

    @Override
    public List<Member> controllers() {
        return metadata.get().image().controllers().stream()
                .filter(controller -> !controller.endPoints().isEmpty())
                .map(controller -> new Member(
                        controller.controllerId(),
                        controller.endPoints().getFirst().host(),
                        controller.endPoints().getFirst().port(),
                        null))
                .toList();
    }

    @Override
    public int activeController() {
        return metadata.get().leadership().leaderId();
    }

    @Override
    public List<Member> all() {
        return metadata.get().image().brokers().stream()
                .filter(broker -> !broker.fenced())
                .map(broker -> find(broker.brokerId()))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public @Nullable Member find(int id) {
        RegisterBrokerRecord broker = registration(id);
        return broker == null || broker.fenced() ? null : member(broker);
    }

    @Override
    public int controllerId() {
        int leader = metadata.get().leadership().leaderId();
        return find(leader) == null ? -1 : leader;
    }
}
