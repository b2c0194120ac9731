package io.milena.broker.controller;

import io.milena.broker.api.ApiCatalog;
import io.milena.broker.api.LocalApi;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.broker.peers.Peer;
import io.milena.broker.peers.PeerPool;
import io.milena.broker.peers.Peers;
import io.milena.protocol.ApiMessage;
import io.milena.quorum.Leadership;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the active controller: over a connection that is kept, or without one where it is here. One question at a time. */
public final class ControllerConnection implements ControllerLink, AutoCloseable {
    /** By this a broker's own requests are known, which are not passed on any more. */
    static final String CLIENT_ID = "broker-";

    private final Supplier<ClusterMetadata> metadata;
    private final int localId;
    private final Peers peers;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable LocalApi local;
    private volatile @Nullable Peer peer;
    private int peerId = Leadership.NOBODY;

    /** @param metadata asked for when the first question comes */
    public ControllerConnection(Supplier<ClusterMetadata> metadata, int localId, Peers peers) {
        this.metadata = metadata;
        this.localId = localId;
        this.peers = peers;
    }

    /** From now on questions can be answered here. */
    public void answerBy(ApiCatalog catalog) {
        local = new LocalApi(catalog, CLIENT_ID + localId, localId, new PeerPool(peers));
    }

    @Override
    public <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response)
            throws IOException, InterruptedException {
        int leader = metadata.get().leadership().leaderId();
        if (leader == Leadership.NOBODY) {
            throw new IOException("there is no active controller now");
        }
        return leader == localId ? askHere(request, version, response) : askThere(leader, request, version, response);
    }

    private <R extends ApiMessage> R askHere(ApiMessage request, int version, Class<R> response)
            throws IOException, InterruptedException {
        LocalApi apis = local;
        if (apis == null) {
            throw new IOException("this node does not answer " + request.apiKey() + " yet");
        }
        return apis.ask(request, (short) version, response);
    }

    private <R extends ApiMessage> R askThere(int leader, ApiMessage request, int version, Class<R> response)
            throws IOException {
        lock.lock();
        try {
            Peer connected = peer;
            if (connected == null || peerId != leader) {
                disconnect();
                connected = peers.connect(leader);
                peer = connected;
                peerId = leader;
            }
            return connected.ask(request, version, response);
        } catch (IOException e) {
            disconnect();
            throw e;
        } finally {
            lock.unlock();
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
