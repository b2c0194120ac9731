package io.milena.broker.peers;

import io.milena.protocol.ApiMessage;
import java.io.IOException;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Keeps connections to other brokers from one question to the next. As many as ask at a time are open; one that has failed is closed. Safe for use by many threads. */
public final class KeptPeers implements OtherBrokers {
    /** So many of each broker are kept while nobody asks. */
    private static final int IDLE_MAX = 4;

    private final Peers peers;
    private final Map<Integer, Deque<Peer>> idle = new ConcurrentHashMap<>();

    /** @param peers opens them, and ends those on which an answer is overdue */
    public KeptPeers(Peers peers) {
        this.peers = peers;
    }

    @Override
    public <R extends ApiMessage> R ask(int brokerId, ApiMessage request, int version, Class<R> response)
            throws IOException {
        Deque<Peer> kept = idle.computeIfAbsent(brokerId, id -> new ConcurrentLinkedDeque<>());
        Peer peer = kept.pollFirst();
        Peer open = peer == null || !peer.isOpen() ? peers.connect(brokerId) : peer;
        try {
            R answer = open.ask(request, version, response);
            if (kept.size() < IDLE_MAX) {
                kept.addFirst(open);
            } else {
                open.close();
            }
            return answer;
        } catch (IOException e) {
            open.close();
            throw e;
        }
    }
}
