package io.milena.testkit;

import io.milena.runtime.Deadline;
import io.milena.runtime.Network;
import io.milena.runtime.Signal;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The cables between the hosts of a simulation. Hosts have names and, in the order in which they first appear, the addresses 10.0.0.1, 10.0.0.2 and so on;
 * {@code localhost}, {@code 127.0.0.1} and {@code 0.0.0.0} mean the host itself. A cut link swallows nothing: bytes wait, as TCP's retransmission
 * makes them, until it is healed; whoever wants to notice needs a time-out of its own.
 *
 * <p>Faults may be set at any time by the driving thread between steps or by simulated threads.
 */
public final class SimulatedNetwork {
    private static final int FIRST_FREE_PORT = 32_768;
    private static final long CONNECT_PATIENCE_MS = 10_000;
    private static final Set<String> SELF = Set.of("localhost", "127.0.0.1", "0.0.0.0", "0:0:0:0:0:0:0:0", "::1");

    private final SeededScheduler scheduler;
    private final VirtualClock clock;
    private final RandomGenerator random;
    private final Map<String, InetAddress> hosts = new TreeMap<>();
    private final Map<String, SimulatedListener> listeners = new TreeMap<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    /** Never iterated, as the next two. */
    private final Map<String, LinkSettings> links = new HashMap<>();

    private final Set<String> cuts = new HashSet<>();

    private final Set<String> refusing = new HashSet<>();
    /** Hosts without power. */
    private final Set<String> off = new HashSet<>();

    private final Traffic traffic = new Traffic();
    private final Signal changed = new Signal();
    private LinkSettings standard = LinkSettings.standard();
    private int nextPort = FIRST_FREE_PORT;

    SimulatedNetwork(SeededScheduler scheduler, RandomGenerator random) {
        this.scheduler = scheduler;
        this.clock = scheduler.clock();
        this.random = random;
    }

    /** How links behave for which nothing else was said. */
    public void links(LinkSettings settings) {
        standard = settings;
    }

    /** How the link {@code from} one host {@code to} another behaves; the other direction stays. */
    public void link(String from, String to, LinkSettings settings) {
        links.put(direction(from, to), settings);
    }

    /** Bytes from one host to the other stop where they are; the other direction stays. */
    public void cut(String from, String to) {
        cuts.add(direction(from, to));
        lookAgain();
    }

    public void heal(String from, String to) {
        cuts.remove(direction(from, to));
        lookAgain();
    }

    /** Cuts both directions between every host of one side and every host of the other. */
    public void partition(Collection<String> side, Collection<String> otherSide) {
        for (String host : side) {
            for (String other : otherSide) {
                cuts.add(direction(host, other));
                cuts.add(direction(other, host));
            }
        }
        lookAgain();
    }

    /** Heals all cuts and refuses no connections any more. */
    public void healAll() {
        cuts.clear();
        refusing.clear();
        lookAgain();
    }

    /** New connections to {@code host} are refused until {@link #healAll}. */
    public void refuse(String host) {
        refusing.add(host);
    }

    /** Every open connection between the two hosts fails at both ends. */
    public void reset(String host, String otherHost) {
        connections.stream()
                .filter(connection -> connection.isBetween(host, otherHost))
                .forEach(SimulatedConnection::reset);
    }

    /** Connections that at least one end still holds open. */
    public int openConnections() {
        connections.removeIf(SimulatedConnection::isOver);
        return connections.size();
    }

    /** What became of the messages so far. */
    public Traffic traffic() {
        return traffic;
    }

    Network of(SimulatedProcess process) {
        return new Network() {
            @Override
            public Listener listen(InetSocketAddress address) throws IOException {
                return SimulatedNetwork.this.listen(process, address);
            }

            @Override
            public Transport connect(InetSocketAddress address) throws IOException {
                return SimulatedNetwork.this.connect(process, address);
            }
        };
    }

    private SimulatedListener listen(SimulatedProcess process, InetSocketAddress wanted) throws IOException {
        if (!process.host().equals(hostOf(process, wanted))) {
            throw new BindException("Cannot assign requested address: " + wanted);
        }
        int port = wanted.getPort() == 0 ? nextPort++ : wanted.getPort();
        SimulatedListener listener = new SimulatedListener(this, process, address(process.host(), port));
        if (listeners.putIfAbsent(process.host() + ":" + port, listener) != null) {
            throw new BindException("Address already in use: " + wanted);
        }
        return listener;
    }

    private Transport connect(SimulatedProcess client, InetSocketAddress target) throws IOException {
        String host = hostOf(client, target);
        if (host == null) {
            throw new UnknownHostException(target.getHostString());
        }
        reach(client.host(), host);
        SimulatedListener listener = listeners.get(host + ":" + target.getPort());
        if (listener == null || refusing.contains(host)) {
            throw new ConnectException("Connection refused: " + target);
        }
        SimulatedConnection connection = connection(client, listener);
        if (!listener.offer(connection.serverEnd())) {
            throw new ConnectException("Connection refused: " + target);
        }
        connections.removeIf(SimulatedConnection::isOver);
        connections.add(connection);
        return connection.clientEnd();
    }

    /** The handshake: there and back. */
    private void reach(String from, String to) throws IOException {
        Deadline patience = Deadline.afterMs(clock, CONNECT_PATIENCE_MS);
        try {
            if (!changed.await(() -> !isCut(from, to) && !isCut(to, from) && !off.contains(to), patience)) {
                throw new ConnectException("Connection timed out: " + to);
            }
            LinkSettings settings = settings(from, to);
            Deadline arrival = Deadline.afterNanos(clock, settings.latencyNanosMin() + settings.latencyNanosMax());
            changed.await(() -> false, arrival);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    private SimulatedConnection connection(SimulatedProcess client, SimulatedListener listener) {
        SimulatedProcess server = listener.process();
        SimulatedPipe forth = pipe(client.host(), server.host());
        SimulatedPipe back = pipe(server.host(), client.host());
        InetSocketAddress clientAddress = address(client.host(), nextPort++);
        return new SimulatedConnection(
                client,
                server,
                forth,
                back,
                new SimulatedTransport(back, forth, clientAddress, listener.address(), scheduler::pause),
                new SimulatedTransport(forth, back, listener.address(), clientAddress, scheduler::pause));
    }

    private SimulatedPipe pipe(String from, String to) {
        String direction = direction(from, to);
        return new SimulatedPipe(clock, random, new SimulatedPipe.Link() {
            @Override
            public LinkSettings settings() {
                return links.getOrDefault(direction, standard);
            }

            @Override
            public boolean isCut() {
                return cuts.contains(direction);
            }

            @Override
            public void sent(long arrivalNanos) {
                traffic.sent(direction, isCut(), clock.nanos(), arrivalNanos);
            }

            @Override
            public void lost(int messages) {
                traffic.lost(messages);
            }
        });
    }

    private LinkSettings settings(String from, String to) {
        return links.getOrDefault(direction(from, to), standard);
    }

    /** Whether bytes from one host to the other stop on their way now. */
    public boolean isCut(String from, String to) {
        return cuts.contains(direction(from, to));
    }

    private static String direction(String from, String to) {
        return from + " -> " + to;
    }

    private void lookAgain() {
        changed.raise();
        connections.forEach(SimulatedConnection::lookAgain);
    }

    void closed(SimulatedListener listener) {
        listeners.values().remove(listener);
    }

    void hostStarted(SimulatedProcess process) {
        address(process.host(), 0);
        off.remove(process.host());
        // What a power loss left hanging is unknown to the kernel that is up now.
        List<SimulatedConnection> hanging = connections.stream()
                .filter(connection ->
                        isOnDead(connection.client(), process.host()) || isOnDead(connection.server(), process.host()))
                .toList();
        hanging.forEach(SimulatedConnection::reset);
        connections.removeAll(hanging);
        changed.raise();
    }

    private static boolean isOnDead(SimulatedProcess process, String host) {
        return process.isDead() && process.host().equals(host);
    }

    void processDied(SimulatedProcess process) {
        closeListeners(process);
        for (SimulatedConnection connection : List.copyOf(connections)) {
            if (connection.client() == process || connection.server() == process) {
                if (random.nextBoolean()) {
                    connection.reset();
                }
                connection.closeEndsOf(process);
            }
        }
    }

    /** Nobody says goodbye: the connections stay, silent, until the host is up again, and nobody refuses new ones. */
    void hostVanished(SimulatedProcess process) {
        off.add(process.host());
        listeners.values().removeIf(listener -> listener.process() == process);
    }

    private void closeListeners(SimulatedProcess process) {
        List.copyOf(listeners.values()).stream()
                .filter(listener -> listener.process() == process)
                .forEach(SimulatedListener::close);
    }

    private @Nullable String hostOf(SimulatedProcess process, InetSocketAddress address) {
        String text = address.getHostString();
        if (SELF.contains(text)) {
            return process.host();
        }
        for (Map.Entry<String, InetAddress> host : hosts.entrySet()) {
            if (host.getKey().equals(text) || host.getValue().getHostAddress().equals(text)) {
                return host.getKey();
            }
        }
        return null;
    }

    private InetSocketAddress address(String host, int port) {
        InetAddress known = hosts.computeIfAbsent(host, name -> {
            try {
                int number = hosts.size() + 1;
                return InetAddress.getByAddress(name, new byte[] {10, 0, (byte) (number >> 8), (byte) number});
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        });
        return new InetSocketAddress(known, port);
    }
}
