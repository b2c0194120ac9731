package io.milena.quorum;

import java.util.List;

/**
 * What a member of the quorum is told. Time in milliseconds.
 *
 * @param clusterId members of another cluster are refused
 * @param self this node, and where the others reach it
 * @param listenHost the address to listen on; {@code localhost} lets nobody else in
 * @param contacts the first voters where a cluster begins, this node among them; any members to ask, where a node is to be added to one
 */
public record QuorumSettings(
        String clusterId, Peer self, String listenHost, List<Peer> contacts, Timeouts timeouts, Limits limits) {
    /** A member that listens on {@code localhost} only. */
    public QuorumSettings(String clusterId, Peer self, List<Peer> contacts) {
        this(clusterId, self, "localhost", contacts, Timeouts.DEFAULT, Limits.DEFAULT);
    }

    /** A cluster begins with this node and no other; or a node that was alone becomes the first of one. */
    public boolean isFirstAlone() {
        return contacts.size() == 1 && isFirstVoter();
    }

    boolean isFirstVoter() {
        return contacts.stream().anyMatch(peer -> peer.id() == self.id());
    }

    /**
     * When a leader is given up.
     *
     * @param electionMin a follower that has not heard from the leader for a random time from this on asks for votes, and so long it waits for them. A leader speaks every half of it, so this is two
     *     messages that did not come; one whose process has died is noticed by its connection
     * @param electionMax the end of that range: wide enough that two followers seldom ask at the same time
     * @param stepDown a leader that has not heard from a majority for so long leads no more
     */
    public record Timeouts(int electionMin, int electionMax, int stepDown) {
        public static final Timeouts DEFAULT = new Timeouts(500, 1_000, 2_000);
    }

    /**
     * Bytes.
     *
     * @param entryMax the largest append
     * @param segmentMax a file of the log; files whose records are in a snapshot go as a whole
     */
    public record Limits(int entryMax, int segmentMax) {
        public static final Limits DEFAULT = new Limits(4 << 20, 16 << 20);
    }
}
