package io.milena.embedded;

import io.milena.network.SocketNetwork;
import io.milena.runtime.Network;
import io.milena.runtime.Signal;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The links between the brokers of one process: real sockets, each of which knows which brokers it is between, so that a link can be cut. On a link that is cut nothing arrives, and nothing says so;
 * what was on its way arrives when it is healed, if both still hold the connection then. Safe for use by many threads.
 */
final class Links {
    private final Signal changed = new Signal();
    private final Map<Integer, Integer> brokerOfPort = new ConcurrentHashMap<>();
    private final Set<Link> cut = ConcurrentHashMap.newKeySet();
    /** By the port from which it was opened. */
    private final Map<Integer, Wire> wires = new ConcurrentHashMap<>();

    /** Between two brokers, in both directions. */
    record Link(int lower, int higher) {
        static Link between(int one, int other) {
            return new Link(Math.min(one, other), Math.max(one, other));
        }
    }

    void cut(int one, int other) {
        cut.add(Link.between(one, other));
    }

    void heal(int one, int other) {
        cut.remove(Link.between(one, other));
        changed.raise();
    }

    boolean isCut(Link link) {
        return cut.contains(link);
    }

    /** Whether one broker has sent another something that did not arrive yet and will. */
    boolean hasBytesOnTheWay() {
        return wires.values().stream().anyMatch(wire -> wire.hasBytesOnTheWay(this));
    }

    /** Raised when a link is healed. */
    Signal changed() {
        return changed;
    }

    /** The network as a broker's process sees it, until it is killed. */
    Side of(int broker) {
        return new Side(broker);
    }

    /** That of one process. */
    final class Side implements Network {
        private final Network sockets = new SocketNetwork();
        private final int broker;
        private final Set<Direct> open = ConcurrentHashMap.newKeySet();
        private volatile boolean isDead;

        private Side(int broker) {
            this.broker = broker;
        }

        @Override
        public Listener listen(InetSocketAddress address) throws IOException {
            Listener listener = sockets.listen(address);
            brokerOfPort.put(listener.address().getPort(), broker);
            return new Listener() {
                @Override
                public Transport accept() throws IOException {
                    Transport accepted = listener.accept();
                    int from = accepted.remoteAddress().getPort();
                    Wire wire = wires.computeIfAbsent(from, port -> new Wire());
                    return opened(new Direct(accepted, wire, closed -> forget(closed, from, wire)));
                }

                @Override
                public InetSocketAddress address() {
                    return listener.address();
                }

                @Override
                public void close() throws IOException {
                    listener.close();
                }
            };
        }

        @Override
        public Transport connect(InetSocketAddress address) throws IOException {
            Link link = Link.between(broker, brokerOfPort.getOrDefault(address.getPort(), broker));
            if (isCut(link)) {
                throw new NoRouteToHostException("the link to " + address + " is cut");
            }
            Transport socket = sockets.connect(address);
            int from = socket.localAddress().getPort();
            Wire wire = wires.computeIfAbsent(from, port -> new Wire());
            wire.isOpenedOn(link);
            return opened(new Linked(socket, wire, closed -> forget(closed, from, wire), Links.this, link));
        }

        private void forget(Direct closed, int port, Wire wire) {
            open.remove(closed);
            wires.remove(port, wire);
        }

        private Transport opened(Direct transport) throws IOException {
            open.add(transport);
            if (isDead) {
                transport.close();
                throw new IOException("the process is gone");
            }
            return transport;
        }

        /** All its connections break. */
        void die() {
            isDead = true;
            for (Direct transport : open) {
                try {
                    transport.close();
                } catch (IOException e) {
                    System.getLogger(Links.class.getName())
                            .log(Level.DEBUG, "closing the connection to {0}", transport.remoteAddress());
                }
            }
        }
    }
}
