package io.milena.quorum;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/** What a leader knows of the others, in offsets and times instead of indexes and elapsed time. */
final class QuorumView {
    private static final long PATIENCE_MS = 10_000;
    private static final long PAUSE_MS = 10;

    private final int self;
    private final RaftServer.Division division;
    private final MetadataStateMachine machine;
    private final Clock clock;

    QuorumView(int self, RaftServer.Division division, MetadataStateMachine machine, Clock clock) {
        this.self = self;
        this.division = division;
        this.machine = machine;
        this.clock = clock;
    }

    /** Of a follower. */
    private record Progress(long matchIndex, long lastRpcElapsedMs) {}

    Quorum of(Leadership leadership) throws IOException {
        Map<Integer, Progress> followers = leadership.isBy(self) ? followers() : null;
        if (followers == null) {
            throw new NotLeadingException(leadership.epoch(), leadership);
        }
        CommittedMembers members = members();
        List<RaftPeer> voters = members.voters().stream()
                .filter(voter -> isVoterYet(voter, members, followers))
                .toList();
        RaftConfiguration newest = division.getRaftConf();
        List<RaftPeer> observers = new ArrayList<>(newest.getCurrentPeers(RaftPeerRole.FOLLOWER));
        observers.addAll(newest.getCurrentPeers(RaftPeerRole.LISTENER));
        observers.removeIf(
                peer -> voters.stream().anyMatch(voter -> voter.getId().equals(peer.getId())));
        return new Quorum(leadership, machine.endOffset(), replicas(voters, followers), replicas(observers, followers));
    }

    /** Nobody counts on voters of a change that is not committed. That it is, Ratis knows first, and says next. */
    private CommittedMembers members() {
        CommittedMembers told = machine.members();
        RaftConfiguration newest = division.getRaftConf();
        boolean isCommitted = newest.getPreviousPeers().isEmpty()
                && newest.getLogEntryIndex() <= division.getRaftLog().getLastCommittedIndex();
        return isCommitted && newest.getLogEntryIndex() > told.index()
                ? new CommittedMembers(
                        newest.getLogEntryIndex(),
                        List.copyOf(newest.getCurrentPeers(RaftPeerRole.FOLLOWER)),
                        told.voterIds())
                : told;
    }

    /** A new voter has its vote from when it has heard that it is one; without its leader it would not hear of that any more. */
    private boolean isVoterYet(RaftPeer voter, CommittedMembers members, Map<Integer, Progress> followers) {
        int id = Integer.parseInt(voter.getId().toString());
        Progress progress = followers.get(id);
        return id == self
                || members.before().contains(voter.getId().toString())
                || (progress != null && progress.matchIndex() >= members.index());
    }

    /** Waits until all voters have heard that they are, if this member leads, or for a while: one that is away hears of it when it is back. */
    void awaitSettled() throws IOException {
        Deadline patience = Deadline.afterMs(clock, PATIENCE_MS);
        try {
            while (!isSettled() && !patience.isPast()) {
                clock.sleepMs(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while new voters were waited for");
        }
    }

    private boolean isSettled() {
        Map<Integer, Progress> followers = followers();
        CommittedMembers members = members();
        return followers == null || members.voters().stream().allMatch(voter -> isVoterYet(voter, members, followers));
    }

    /** Null if this member does not lead. Ratis lists indexes and times apart, in the same order; it is asked again if the list has changed in between. */
    private @Nullable Map<Integer, Progress> followers() {
        while (true) {
            long[] before = division.getInfo().getFollowerMatchIndices();
            List<ServerRpcProto> infos =
                    division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
            long[] indexes = division.getInfo().getFollowerMatchIndices();
            if (before == null || indexes == null) {
                return null;
            }
            if (before.length == indexes.length && indexes.length == infos.size()) {
                Map<Integer, Progress> progress = new HashMap<>();
                for (int i = 0; i < indexes.length; i++) {
                    progress.put(
                            Integer.parseInt(infos.get(i).getId().getId().toStringUtf8()),
                            new Progress(indexes[i], infos.get(i).getLastRpcElapsedTimeMs()));
                }
                return progress;
            }
        }
    }

    private List<Quorum.Replica> replicas(List<RaftPeer> peers, Map<Integer, Progress> followers) {
        List<Quorum.Replica> replicas = new ArrayList<>();
        for (RaftPeer peer : peers) {
            replicas.add(replica(RatisMembers.peer(peer), followers));
        }
        replicas.sort(
                (one, other) -> Integer.compare(one.peer().id(), other.peer().id()));
        return replicas;
    }

    private Quorum.Replica replica(Peer peer, Map<Integer, Progress> followers) {
        long nowMs = clock.millis();
        Progress progress = followers.get(peer.id());
        if (peer.id() == self) {
            return new Quorum.Replica(peer, machine.endOffset(), nowMs, nowMs);
        }
        if (progress == null) {
            return new Quorum.Replica(peer, Quorum.UNKNOWN, Quorum.UNKNOWN, Quorum.UNKNOWN);
        }
        long fetchMs = nowMs - progress.lastRpcElapsedMs();
        AppliedEntries.Entry held = machine.entries().upTo(progress.matchIndex());
        AppliedEntries.Entry lacking = machine.entries().after(progress.matchIndex());
        if (held == null) {
            boolean lacksNothing = lacking == null && progress.matchIndex() >= 0;
            return new Quorum.Replica(
                    peer, lacksNothing ? 0 : Quorum.UNKNOWN, fetchMs, lacksNothing ? fetchMs : Quorum.UNKNOWN);
        }
        return new Quorum.Replica(
                peer, held.endOffset(), fetchMs, lacking == null ? fetchMs : Math.min(fetchMs, lacking.appliedMs()));
    }
}
