package io.milena.quorum;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * A member as its leader sees it: it appends one request after the other, each when the one before is forced, and so with the parts of a snapshot. Ratis takes several at a time, and where a leader whose connection has broken sends entries again while they are being written,
 * it answers for some that are not forced or not even in its log.
 *
 * <p>Called by gRPC's threads and Ratis'.
 */
final class AppendsInTurn implements InvocationHandler {
    /** More than a leader has on its way over one connection. Where the disk stands still and it tries again and again, the next one is refused, and sent again later. */
    private static final int WAITING_MAX = 32;

    private final RaftServer server;
    private final AtomicInteger waiting = new AtomicInteger();
    /** Done when the request that came last is answered. */
    private final AtomicReference<CompletableFuture<Void>> last =
            new AtomicReference<>(CompletableFuture.completedFuture(null));

    private AppendsInTurn(RaftServer server) {
        this.server = server;
    }

    static RaftServer of(RaftServer server) {
        return (RaftServer) Proxy.newProxyInstance(
                RaftServer.class.getClassLoader(), new Class<?>[] {RaftServer.class}, new AppendsInTurn(server));
    }

    /** gRPC as Ratis has it, but for that. Made by Ratis, which is told the name of the class. */
    static final class Transport implements RpcType {
        @Override
        public String name() {
            return Transport.class.getName();
        }

        @Override
        public GrpcFactory newFactory(Parameters parameters) {
            return new GrpcFactory(parameters) {
                @Override
                public GrpcServices newRaftServerRpc(RaftServer server) {
                    return super.newRaftServerRpc(of(server));
                }
            };
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object first = arguments == null ? null : arguments[0];
        if (first instanceof AppendEntriesRequestProto request
                && request.getEntriesCount() > 0
                && method.getReturnType() == CompletableFuture.class) {
            return inTurn(() -> append(request));
        }
        if (first instanceof InstallSnapshotRequestProto request) {
            return install(request);
        }
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private interface Step<T> {
        CompletableFuture<T> begin() throws IOException;
    }

    private <T> CompletableFuture<T> inTurn(Step<T> step) throws IOException {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            throw new IOException("more than " + WAITING_MAX + " requests wait for the disk");
        }
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CompletableFuture<T> reply = last.getAndSet(answered).thenCompose(before -> begin(step));
        var _ = reply.whenComplete((answer, failure) -> {
            waiting.decrementAndGet();
            answered.complete(null);
        });
        return reply;
    }

    private static <T> CompletableFuture<T> begin(Step<T> step) {
        try {
            return step.begin();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Entries whose write has failed are where Ratis looks for what it has; they are not in the log. */
    private CompletableFuture<AppendEntriesReplyProto> append(AppendEntriesRequestProto request) throws IOException {
        RaftLog log = server.getDivision(
                        ProtoUtils.toRaftGroupId(request.getServerRequest().getRaftGroupId()))
                .getRaftLog();
        return server.appendEntriesAsync(request).thenApply(reply -> {
            if (reply.getResult() == AppendResult.SUCCESS && reply.getMatchIndex() > log.getFlushIndex()) {
                throw new CompletionException(
                        new IOException("entries up to " + reply.getMatchIndex() + " could not be forced"));
            }
            return reply;
        });
    }

    /** It takes the place of what waits to be written. */
    private InstallSnapshotReplyProto install(InstallSnapshotRequestProto request) throws IOException {
        try {
            return inTurn(() -> CompletableFuture.completedFuture(server.installSnapshot(request)))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }
}
