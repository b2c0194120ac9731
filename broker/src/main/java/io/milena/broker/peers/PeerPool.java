package io.milena.broker.peers;

import io.milena.broker.api.OtherBrokers;
import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import java.io.IOException;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Connections to other brokers for questions that come seldom and from many threads: one that is not in use is kept for the next question. Safe for use by many threads. */
public final class PeerPool implements OtherBrokers {
    /** Of each broker, those that are kept while nobody asks. */
    private static final int IDLE_MAX = 4;

    private final Peers peers;
    private final Map<Integer, Deque<Peer>> idle = new ConcurrentHashMap<>();

    public PeerPool(Peers peers) {
        this.peers = peers;
    }

    /** A connection that was kept may have ended meanwhile: then the question is asked once more, on a new one. Records, which must not be written twice, always go on a new one. */
    @Override
    public <R extends ApiMessage> R ask(int brokerId, ApiMessage request, int version, Class<R> response)
            throws IOException {
        Peer kept = request.apiKey() == ApiKey.PRODUCE ? null : idle(brokerId).pollFirst();
        if (kept != null && kept.isOpen()) {
            try {
                return ask(brokerId, kept, request, version, response);
            } catch (IOException e) {
                // asked again below
            }
        }
        return ask(brokerId, peers.connect(brokerId), request, version, response);
    }

    private <R extends ApiMessage> R ask(int brokerId, Peer peer, ApiMessage request, int version, Class<R> response)
            throws IOException {
        boolean isKept = false;
        try {
            R answer = peer.ask(request, version, response);
            isKept = idle(brokerId).size() < IDLE_MAX;
            if (isKept) {
                idle(brokerId).addFirst(peer);
            }
            return answer;
        } finally {
            if (!isKept) {
                peer.close();
            }
        }
    }

    private Deque<Peer> idle(int brokerId) {
        return idle.computeIfAbsent(brokerId, id -> new ConcurrentLinkedDeque<>());
    }
}
