package io.milena.broker.peers;

import io.milena.network.FrameClient;
import io.milena.runtime.Clock;
import io.milena.runtime.Network;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the other brokers of the cluster, and ends those on which an answer is overdue: a machine that is gone, or a link that is cut, says nothing. Safe for use by many threads.
 */
public final class Peers {
    /** Larger than what a fetch may answer, and a bound all the same. */
    private static final int ANSWER_BYTES_MAX = 256 << 20;

    private final Network network;
    private final Clock clock;
    private final IntFunction<@Nullable InetSocketAddress> addresses;
    private final String name;
    /** In the order in which they were opened. */
    private final Queue<Peer> open = new ConcurrentLinkedQueue<>();

    /**
     * Of a broker.
     *
     * @param addresses where brokers listen, by their ids; null where that is not known
     * @param name of this broker, as the others log it
     */
    public Peers(Network network, Clock clock, IntFunction<@Nullable InetSocketAddress> addresses, String name) {
        this.network = network;
        this.clock = clock;
        this.addresses = addresses;
        this.name = name;
    }

    /** A new connection, which its user closes. */
    public Peer connect(int brokerId) throws IOException {
        return connect(brokerId, addresses.apply(brokerId));
    }

    /** A new connection to a node at an address that is known otherwise. */
    public Peer connect(int nodeId, @Nullable InetSocketAddress address) throws IOException {
        if (address == null) {
            throw new IOException("the address of node " + nodeId + " is not known");
        }
        open.removeIf(peer -> !peer.isOpen());
        Peer peer = new Peer(FrameClient.connect(network, address, clock, ANSWER_BYTES_MAX), name);
        open.add(peer);
        return peer;
    }

    /** Ends connections on which an answer has not come for so long. */
    public void endOverdue(long patienceMs) {
        open.removeIf(peer -> !peer.isOpen());
        open.stream().filter(peer -> peer.isOverdue(patienceMs)).forEach(Peer::close);
    }

    /** Ends all. */
    public void close() {
        open.forEach(Peer::close);
    }
}
