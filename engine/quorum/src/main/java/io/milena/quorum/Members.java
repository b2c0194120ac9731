package io.milena.quorum;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who belongs to a quorum, and the changes that are possible. */
record Members(List<Peer> voters, List<Peer> observers) {
    static final int VOTERS_MAX = 5;

    Members withVoter(Peer peer) throws IOException {
        Members others = others(peer.id());
        if (others.voters.size() == VOTERS_MAX) {
            throw new IOException("a quorum has at most " + VOTERS_MAX + " voters");
        }
        return new Members(plus(others.voters, peer), others.observers);
    }

    Members withObserver(Peer peer) throws IOException {
        if (isVoter(peer.id())) {
            throw new IOException(
                    "node " + peer.id() + " is a voter: it has to be removed before it can be an observer");
        }
        Members others = others(peer.id());
        return new Members(others.voters, plus(others.observers, peer));
    }

    /** A voter or an observer, at this address; whoever is neither becomes an observer. */
    Members withMember(Peer peer) throws IOException {
        return isVoter(peer.id()) ? withVoter(peer) : withObserver(peer);
    }

    /** Whether it is one of them, at this address. */
    boolean has(Peer peer) {
        return voters.contains(peer) || observers.contains(peer);
    }

    Members without(int nodeId) throws IOException {
        Members left = others(nodeId);
        if (left.voters.isEmpty()) {
            throw new IOException("node " + nodeId + " is the only voter");
        }
        return left;
    }

    private Members others(int nodeId) {
        return new Members(
                voters.stream().filter(peer -> peer.id() != nodeId).toList(),
                observers.stream().filter(peer -> peer.id() != nodeId).toList());
    }

    private boolean isVoter(int nodeId) {
        return voters.stream().anyMatch(peer -> peer.id() == nodeId);
    }

    private static List<Peer> plus(List<Peer> peers, Peer peer) {
        List<Peer> more = new ArrayList<>(peers);
        more.add(peer);
        return more;
    }

    boolean isSameAs(Members other) {
        return Set.copyOf(voters).equals(Set.copyOf(other.voters))
                && Set.copyOf(observers).equals(Set.copyOf(other.observers));
    }
}
