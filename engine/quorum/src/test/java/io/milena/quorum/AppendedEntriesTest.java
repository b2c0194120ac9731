package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.util.ProtoUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One voter, set up as ours are, to whom the test speaks as the leader that another voter is. */
class AppendedEntriesTest {
    private static final int LEADER = 2;
    private static final long TERM = 7;
    private static final int ROUNDS = 50;
    private static final int PATIENCE_MS = 600_000;
    private static final ByteString DATA = ByteString.copyFrom(new byte[1_000]);

    @TempDir
    private Path directory;

    private final int port = FreePorts.take();

    private RaftServer start() throws IOException {
        RatisLogging.onlyWarnings();
        Peer self = new Peer(1, "localhost", port);
        List<Peer> voters = List.of(
                self, new Peer(LEADER, "localhost", FreePorts.take()), new Peer(3, "localhost", FreePorts.take()));
        QuorumSettings settings = new QuorumSettings(
                QuorumOfThree.CLUSTER,
                self,
                "localhost",
                voters,
                new QuorumSettings.Timeouts(PATIENCE_MS, 2 * PATIENCE_MS, PATIENCE_MS),
                new QuorumSettings.Limits(1 << 20, 16 << 10));
        RaftServer server = RaftServer.newBuilder()
                .setServerId(RatisMembers.id(self.id()))
                .setGroup(RaftGroup.valueOf(
                        group(), voters.stream().map(RatisMembers::raftPeer).toList()))
                .setStateMachine(new BaseStateMachine())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RatisServerSetup.properties(settings, directory.toString()))
                .build();
        server.start();
        return server;
    }

    private static RaftGroupId group() {
        return RaftGroupId.valueOf(QuorumFolder.group(QuorumOfThree.CLUSTER));
    }

    /** Entries from index {@code first} to {@code last}, none of them committed. */
    private static AppendEntriesRequestProto entries(RaftServer to, long first, long last) {
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(RatisMembers.id(LEADER).toByteString())
                        .setReplyId(to.getId().toByteString())
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(group())))
                .setLeaderTerm(TERM)
                .setLeaderCommit(-1);
        if (first > 0) {
            request.setPreviousLog(TermIndexProto.newBuilder().setTerm(TERM).setIndex(first - 1));
        }
        LongStream.rangeClosed(first, last)
                .forEach(index -> request.addEntries(LogEntryProto.newBuilder()
                        .setTerm(TERM)
                        .setIndex(index)
                        .setStateMachineLogEntry(
                                StateMachineLogEntryProto.newBuilder().setLogData(DATA))));
        return request.build();
    }

    /** What came back of one request after the other, each with how far the log was forced when it came. */
    private static final class Stream implements StreamObserver<AppendEntriesReplyProto> {
        private final RaftLog log;
        private final StreamObserver<AppendEntriesRequestProto> requests;
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

        Stream(Channel channel, RaftLog log) {
            this.log = log;
            this.requests = RaftServerProtocolServiceGrpc.newStub(channel).appendEntries(this);
        }

        @Override
        public void onNext(AppendEntriesReplyProto reply) {
            long notForced = Math.max(0, reply.getMatchIndex() - log.getFlushIndex());
            answers.add(reply.getResult() + " up to " + reply.getMatchIndex() + ", of which not forced " + notForced);
        }

        @Override
        public void onError(Throwable failure) {
            answers.add(failure.toString());
        }

        @Override
        public void onCompleted() {}
    }

    private static String forcedUpTo(long index) {
        return AppendResult.SUCCESS + " up to " + index + ", of which not forced 0";
    }

    /** As a leader does whose connection has broken: over the next one it sends what it does not know to have come, and what was added since. */
    @Test
    @Timeout(60)
    void aVoterSaysThatItHasOnlyWhatIsForcedInItsLog() throws Exception {
        try (RaftServer voter = start()) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", port)
                    .usePlaintext()
                    .build();
            RaftLog log = voter.getDivision(group()).getRaftLog();
            Stream broken = new Stream(channel, log);
            Stream next = new Stream(channel, log);
            for (long round = 0; round < ROUNDS; round++) {
                long first = 2 * round;
                broken.requests.onNext(entries(voter, first, first));
                next.requests.onNext(entries(voter, first, first));
                next.requests.onNext(entries(voter, first, first + 1));
                assertEquals(forcedUpTo(first), broken.answers.take());
                assertEquals(forcedUpTo(first), next.answers.take());
                assertEquals(forcedUpTo(first + 1), next.answers.take());
            }
            channel.shutdownNow();
        }
    }
}
