package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.util.ProtoUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of three voters, as Ratis has them, without anybody who would ask for votes by itself for ten minutes. */
class VotePathsTest {
    private static final RaftGroupId GROUP = RaftGroupId.valueOf(new UUID(1, 2));
    private static final int PATIENCE_MS = 600_000;

    @TempDir
    private Path directory;

    private final List<Peer> peers = List.of(peer(1), peer(2), peer(3));

    private static Peer peer(int id) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Peer(id, "localhost", socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RaftServer voter(int id) throws IOException {
        QuorumSettings settings = new QuorumSettings(
                QuorumOfThree.CLUSTER,
                peers.get(id - 1),
                "localhost",
                peers,
                new QuorumSettings.Timeouts(PATIENCE_MS, 2 * PATIENCE_MS, PATIENCE_MS),
                QuorumSettings.Limits.DEFAULT);
        Path data = Files.createDirectories(directory.resolve("voter-" + id));
        return RaftServer.newBuilder()
                .setServerId(RatisMembers.id(id))
                .setGroup(RaftGroup.valueOf(
                        GROUP, peers.stream().map(RatisMembers::raftPeer).toList()))
                .setStateMachine(new BaseStateMachine())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RatisServerSetup.properties(settings, data.toString()))
                .build();
    }

    private static RequestVoteReplyProto ask(RaftServer asking, int asked) throws IOException {
        return asking.getServerRpc()
                .requestVote(RequestVoteRequestProto.newBuilder()
                        .setServerRequest(RaftRpcRequestProto.newBuilder()
                                .setRequestorId(asking.getId().toByteString())
                                .setReplyId(RatisMembers.id(asked).toByteString())
                                .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(GROUP)))
                        .setCandidateTerm(1)
                        .setCandidateLastEntry(TermIndex.valueOf(0, 0).toProto())
                        .setPreVote(true)
                        .build());
    }

    @Test
    void aVoterThatWasAwayIsAskedForItsVoteAsSoonAsItIsBack() throws Exception {
        try (RaftServer here = voter(1);
                RaftServer away = voter(2)) {
            here.start();
            // gRPC connects now, and, as it was refused, after a second again
            assertThrows(StatusRuntimeException.class, () -> ask(here, 2));
            away.start();

            VotePaths.look(here, here.getDivision(GROUP));

            assertEquals("2", ask(here, 2).getServerReply().getReplyId().toStringUtf8());
        }
    }
}
