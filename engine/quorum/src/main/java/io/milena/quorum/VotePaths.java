package io.milena.quorum;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.util.ProtoUtils;

/**
 * Keeps the connections on which a voter would ask the others for their votes. Where one of them was away when it was asked, gRPC waits before it tries to connect again, each time longer, up to two minutes; until then every question
 * fails at once, however long the other has been back. A leader that dies then would have no successor for as long, where the voter that cannot ask is the only one that may be elected. And a connection that has to
 * be made first makes a vote come late, when another voter has begun already.
 *
 * <p>So whoever follows asks each of the others every second, as if it had nothing in its log, which nobody votes for, and lets go of a connection that does not answer. One thread of its own.
 */
final class VotePaths {
    private static final System.Logger LOG = System.getLogger(VotePaths.class.getName());
    private static final long INTERVAL_MS = 1_000;

    private final Clock clock;
    private final Signal changed = new Signal();
    private volatile boolean isClosed;

    VotePaths(Clock clock) {
        this.clock = clock;
    }

    void begin(RaftServer server, RaftServer.Division division, Threads threads) {
        threads.startBlocking("quorum-vote-paths", () -> run(server, division));
    }

    private void run(RaftServer server, RaftServer.Division division) {
        try {
            while (!changed.await(() -> isClosed, Deadline.afterMs(clock, INTERVAL_MS))) {
                // Who leads sees to its connections itself, and who has nothing yet would get the votes of others like
                // it.
                if (division.getInfo().isFollower() && division.getRaftLog().getLastEntryTermIndex() != null) {
                    look(server, division);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void look(RaftServer server, RaftServer.Division division) {
        for (RaftPeer peer : division.getRaftConf().getAllPeers()) {
            if (!peer.getId().equals(division.getId()) && !answers(server, division, peer.getId())) {
                letGo(server, division, peer.getId());
            }
        }
    }

    /** Before this voter asks the others for their votes, which it does once: those who are there can be asked. */
    static void open(RaftServer server, RaftServer.Division division, RaftPeerId gone) {
        for (RaftPeer peer : division.getRaftConf().getCurrentPeers()) {
            RaftPeerId id = peer.getId();
            if (!id.equals(division.getId()) && !id.equals(gone) && !answers(server, division, id)) {
                letGo(server, division, id);
                answers(server, division, id);
            }
        }
    }

    private static boolean answers(RaftServer server, RaftServer.Division division, RaftPeerId asked) {
        try {
            server.getServerRpc().requestVote(question(division, asked));
            return true;
        } catch (StatusRuntimeException | IOException e) {
            LOG.log(Level.DEBUG, "Node {0} does not answer: {1}", asked, e.getMessage());
            return false;
        }
    }

    private static void letGo(RaftServer server, RaftServer.Division division, RaftPeerId silent) {
        if (!division.getInfo().isLeader()) {
            server.getServerRpc().handleException(silent, new ConnectException("no answer"), true);
        }
    }

    /** It changes nothing: a question before an election, of somebody who could not be elected. */
    private static RequestVoteRequestProto question(RaftServer.Division asking, RaftPeerId asked) {
        return RequestVoteRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(asking.getId().toByteString())
                        .setReplyId(asked.toByteString())
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(
                                asking.getGroup().getGroupId())))
                .setCandidateTerm(0)
                .setCandidateLastEntry(TermIndexProto.getDefaultInstance())
                .setPreVote(true)
                .build();
    }

    void close() {
        isClosed = true;
        changed.raise();
    }
}
