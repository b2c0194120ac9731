package io.milena.broker.controller;

import io.milena.broker.api.RequestContext;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.cluster.NotControllerException;
import io.milena.broker.peers.ControllerLink;
import io.milena.broker.peers.Peer;
import io.milena.broker.peers.Peers;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.message.EnvelopeResponse;
import io.milena.quorum.Leadership;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the active controller: over a connection that is kept, or without one where it is here. One question at a time. What clients ask too, and any broker passes on, goes in an envelope (as Kafka's, KIP-590), by which the
 * controller knows that it must answer itself.
 */
public final class ControllerConnection implements ControllerLink, AutoCloseable {
    private static final short ENVELOPE_VERSION = 0;

    private final Supplier<ClusterMetadata> metadata;
    private final int localId;
    private final String name;
    private final Peers peers;
    private final IntFunction<@Nullable InetSocketAddress> addresses;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger correlationIds = new AtomicInteger();
    private volatile @Nullable ControllerApis apis;
    private volatile @Nullable Peer peer;
    private volatile int peerId = Leadership.NOBODY;

    /**
     * Of a node.
     *
     * @param metadata asked for when the first question comes
     * @param addresses of controllers
     */
    public ControllerConnection(
            Supplier<ClusterMetadata> metadata,
            int localId,
            Peers peers,
            IntFunction<@Nullable InetSocketAddress> addresses) {
        this.metadata = metadata;
        this.localId = localId;
        this.name = "broker-" + localId;
        this.peers = peers;
        this.addresses = addresses;
    }

    /** From now on questions can be answered here. */
    public void answerBy(ControllerApis served) {
        apis = served;
    }

    private ControllerApis apis() throws IOException {
        ControllerApis served = apis;
        if (served == null) {
            throw new IOException("this node does not ask yet");
        }
        return served;
    }

    private int leader() throws NotControllerException {
        int leader = metadata.get().leadership().leaderId();
        if (leader == Leadership.NOBODY || (leader == localId && !metadata.get().isLeading())) {
            throw new NotControllerException();
        }
        return leader;
    }

    @Override
    public <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response)
            throws IOException, InterruptedException {
        int leader = leader();
        ControllerApis served = apis();
        RequestContext here = served.contextHere((short) version, name);
        if (leader == localId) {
            return response.cast(served.answer(request, here));
        }
        return response.cast(
                served.isPassedOn(request.apiKey())
                        ? askInEnvelope(leader, request, here)
                        : askThere(leader, request, version));
    }

    /**
     * Passes on what a client has asked.
     *
     * @throws NotControllerException if nothing was done, because nobody leads, or somebody else than was asked
     */
    ApiMessage pass(ApiMessage request, RequestContext client) throws IOException, InterruptedException {
        int leader = leader();
        return leader == localId ? apis().answer(request, client) : askInEnvelope(leader, request, client);
    }

    private ApiMessage askInEnvelope(int leader, ApiMessage request, RequestContext client) throws IOException {
        int id = correlationIds.incrementAndGet();
        EnvelopeResponse answer =
                (EnvelopeResponse) askThere(leader, Envelope.around(id, request, client), ENVELOPE_VERSION);
        return Envelope.opened(id, answer, request.apiKey(), client.version());
    }

    private ApiMessage askThere(int leader, ApiMessage request, int version) throws IOException {
        lock.lock();
        try {
            return connected(leader).ask(request, version, ApiMessage.class);
        } catch (IOException e) {
            disconnect();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** @throws NotControllerException if there is nobody to connect to: nothing was asked */
    private Peer connected(int leader) throws IOException {
        Peer connected = peer;
        if (connected == null || peerId != leader) {
            disconnect();
            try {
                connected = peers.connect(leader, addresses.apply(leader));
            } catch (IOException e) {
                throw new NotControllerException(e);
            }
            peerId = leader;
            peer = connected;
            if (leader() != leader) { // before endUnless could find the connection
                disconnect();
                throw new NotControllerException();
            }
        }
        return connected;
    }

    /** Somebody leads: a question to another node is not waited for any longer, which may be cut off or halted, and never answer. */
    public void endUnless(int leader) {
        Peer asked = peer;
        if (asked != null && peerId != leader && leader != Leadership.NOBODY) {
            asked.close();
        }
    }

    private void disconnect() {
        Peer old = peer;
        if (old != null) {
            old.close();
            peer = null;
        }
    }

    /** Ends what somebody waits for, too. */
    @Override
    public void close() {
        disconnect();
    }
}
