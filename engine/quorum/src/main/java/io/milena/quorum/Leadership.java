package io.milena.quorum;

/**
 * Who leads the metadata, in which epoch.
 *
 * @param epoch grows with each leader; the term of the consensus in a quorum
 * @param leaderId a node, or {@link #NOBODY}
 */
public record Leadership(int epoch, int leaderId) {
    public static final int NOBODY = -1;

    public boolean isBy(int nodeId) {
        return leaderId == nodeId && nodeId != NOBODY;
    }
}
