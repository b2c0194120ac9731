package io.milena.quorum;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.apache.ratis.thirdparty.io.grpc.ServerTransportFilter;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the leader's process has died, without waiting for its silence: a connection has broken, and where the leader was nobody listens any more. Then there is no reason to ask the others whether they hear it, and
 * the election begins at once; voters begin one after the other, so that they do not take each other's votes. Whatever else is the matter with a leader is noticed by time, as before.
 *
 * <p>Connections end on gRPC's threads; one of its own looks after them.
 */
final class LeaderWatch extends ServerTransportFilter implements GrpcServices.Customizer {
    private static final System.Logger LOG = System.getLogger(LeaderWatch.class.getName());
    private static final int CONNECT_TIMEOUT_MS = 300;
    /** Between the first voter that begins and the next: time for a vote, which is forced to disk. */
    private static final long TURN_MS = 200;

    private final Clock clock;
    private final Signal changed = new Signal();
    private final AtomicLong broken = new AtomicLong();
    private volatile RaftServer.@Nullable Division division;
    private volatile @Nullable RaftServer server;
    private volatile boolean isClosed;

    LeaderWatch(Clock clock) {
        this.clock = clock;
    }

    /** Before it, nothing is done. */
    void begin(RaftServer watched, RaftServer.Division its, Threads threads) {
        server = watched;
        division = its;
        threads.startBlocking("quorum-leader-watch", this::run);
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return builder.addTransportFilter(this);
    }

    @Override
    public void transportTerminated(Attributes attributes) {
        broken.incrementAndGet();
        changed.raise();
    }

    private void run() {
        long seen = 0;
        try {
            while (!isClosed) {
                long known = seen;
                changed.await(() -> isClosed || broken.get() != known, Deadline.never());
                seen = broken.get();
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        RaftServer.Division its = division;
        RaftServer watched = server;
        if (its == null || watched == null || !its.getInfo().isFollower()) {
            return;
        }
        RaftPeerId leader = its.getInfo().getLeaderId();
        long term = its.getInfo().getCurrentTerm();
        RaftPeer peer = leader == null ? null : its.getRaftConf().getPeer(leader);
        if (peer == null || !isRefused(RatisMembers.peer(peer))) {
            return;
        }
        changed.await(
                () -> isClosed || its.getInfo().getCurrentTerm() != term,
                Deadline.afterMs(clock, turn(its, leader) * TURN_MS));
        if (!isClosed && its.getInfo().getCurrentTerm() == term) {
            elect(watched, its, leader);
        }
    }

    /** Nobody listens there: the process is gone, or was never told that it leads. */
    private static boolean isRefused(Peer peer) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_TIMEOUT_MS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false; // a silent machine, which time will tell
        }
    }

    /** How many others begin before this voter. */
    private static int turn(RaftServer.Division its, RaftPeerId leader) {
        List<RaftPeerId> others = its.getRaftConf().getCurrentPeers(RaftPeerRole.FOLLOWER).stream()
                .map(RaftPeer::getId)
                .filter(id -> !id.equals(leader))
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .toList();
        return Math.max(0, others.indexOf(its.getId()));
    }

    /** As if the leader had handed over, which has nobody ask first. Refused by Ratis if this voter lacks the leader's first entry. */
    private static void elect(RaftServer watched, RaftServer.Division its, RaftPeerId leader) {
        TermIndex last = its.getRaftLog().getLastEntryTermIndex();
        if (last == null) {
            return;
        }
        try {
            watched.startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(RaftRpcRequestProto.newBuilder()
                            .setRequestorId(leader.toByteString())
                            .setReplyId(its.getId().toByteString())
                            .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(
                                    its.getGroup().getGroupId())))
                    .setLeaderLastEntry(last.toProto())
                    .build());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "No election: {0}", e.getMessage());
        }
    }

    void close() {
        isClosed = true;
        changed.raise();
    }
}
