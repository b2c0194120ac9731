package io.milena.quorum;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.util.ProtoUtils;

/**
 * Who had a vote after the last change that this member knows to be committed. A change has two steps in Ratis: from the first on it needs a majority of the old voters and one of the new ones, and from the second on only
 * the latter; the first changes nobody's part yet.
 *
 * @param index of the second step, in Ratis' log; -1 if none is known
 * @param before the voters before it
 */
record CommittedMembers(long index, List<RaftPeer> voters, Set<String> before) {
    static final CommittedMembers NONE = new CommittedMembers(-1, List.of(), Set.of());

    CommittedMembers after(long next, RaftConfigurationProto configuration) {
        if (configuration.getOldPeersCount() > 0) {
            return this;
        }
        return new CommittedMembers(
                next,
                ProtoUtils.toRaftPeers(configuration.getPeersList()),
                index < 0 ? ids(configuration) : voterIds());
    }

    private static Set<String> ids(RaftConfigurationProto configuration) {
        return configuration.getPeersList().stream()
                .map(peer -> peer.getId().toStringUtf8())
                .collect(Collectors.toUnmodifiableSet());
    }

    Set<String> voterIds() {
        return voters.stream().map(voter -> voter.getId().toString()).collect(Collectors.toUnmodifiableSet());
    }
}
