package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.ProtoUtils;
import org.junit.jupiter.api.Test;

/** What reaches a member when, where the test says when its disk is done. */
class AppendsInTurnTest {
    private final List<CompletableFuture<AppendEntriesReplyProto>> begun = new ArrayList<>();
    private int snapshots;
    private long flushIndex = 100;

    private final RaftLog log = stub(RaftLog.class, Map.of("getFlushIndex", (p, m, a) -> flushIndex));
    private final RaftServer.Division division =
            stub(RaftServer.Division.class, Map.of("getRaftLog", (p, m, a) -> log));
    private final RaftServer member = AppendsInTurn.of(stub(
            RaftServer.class,
            Map.of(
                    "getDivision",
                    (p, m, a) -> division,
                    "appendEntriesAsync",
                    (p, m, a) -> {
                        begun.add(new CompletableFuture<>());
                        return begun.getLast();
                    },
                    "installSnapshot",
                    (p, m, a) -> {
                        snapshots++;
                        return InstallSnapshotReplyProto.getDefaultInstance();
                    })));

    private static <T> T stub(Class<T> type, Map<String, InvocationHandler> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        Objects.requireNonNull(methods.get(method.getName())).invoke(proxy, method, arguments)));
    }

    private CompletableFuture<AppendEntriesReplyProto> send(int entries) throws IOException {
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(
                                RaftGroupId.valueOf(QuorumFolder.group(QuorumOfThree.CLUSTER)))));
        for (int i = 0; i < entries; i++) {
            request.addEntries(LogEntryProto.getDefaultInstance());
        }
        return member.appendEntriesAsync(request.build());
    }

    private static AppendEntriesReplyProto success(long matchIndex) {
        return AppendEntriesReplyProto.newBuilder()
                .setResult(AppendResult.SUCCESS)
                .setMatchIndex(matchIndex)
                .build();
    }

    @Test
    void anAppendBeginsWhenTheOneBeforeIsAnswered() throws Exception {
        var first = send(1);
        var second = send(2);
        var third = send(1);
        assertEquals(1, begun.size());

        begun.get(0).complete(success(1));
        assertEquals(1, first.join().getMatchIndex());
        assertEquals(2, begun.size());
        assertFalse(second.isDone());

        begun.get(1).completeExceptionally(new IOException("the disk is full"));
        assertThrows(CompletionException.class, second::join);
        assertEquals(3, begun.size());
        begun.get(2).complete(success(2));
        assertEquals(2, third.join().getMatchIndex());
    }

    @Test
    void aHeartbeatDoesNotWait() throws Exception {
        var _ = send(1);
        var heartbeat = send(0);
        begun.get(1).complete(success(-1));
        assertTrue(heartbeat.isDone());
    }

    @Test
    void aSnapshotWaitsForWhatIsBeingWritten() throws Exception {
        var _ = send(1);
        Thread installing = Thread.startVirtualThread(() -> {
            try {
                member.installSnapshot(InstallSnapshotRequestProto.getDefaultInstance());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        RecordingListener.awaitPolling(() -> installing.getState() == Thread.State.WAITING, "it waits");
        assertEquals(0, snapshots);
        begun.get(0).complete(success(1));
        installing.join();
        assertEquals(1, snapshots);
    }

    @Test
    void nothingIsAnsweredForThatIsNotForced() throws Exception {
        flushIndex = 4;
        var reply = send(1);
        begun.get(0).complete(success(5));
        var failure = assertThrows(CompletionException.class, reply::join);
        assertTrue(failure.toString().contains("entries up to 5 could not be forced"), failure::toString);
    }

    @Test
    void whereTheDiskStandsStillNotEverythingIsKept() throws Exception {
        for (int i = 0; i < 32; i++) {
            var _ = send(1);
        }
        assertThrows(IOException.class, () -> send(1));
        assertEquals(1, begun.size());
        begun.get(0).complete(success(1));
        var _ = send(1);
    }
}
