package io.milena.quorum;

import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import io.milena.runtime.Environment;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;

/**
 * The metadata log of a member of a quorum, on Apache Ratis. A voter has a vote and may lead; an observer (a listener, in Ratis' words) hears of what is committed. What is committed is
 * forced to the disks of a majority of the voters.
 *
 * <p>Safe for use by many threads, although appends by one at a time are what makes sense. Ratis has threads of its own; the listener hears on one that is named {@code metadata-listener}.
 */
public final class RatisMetadataLog implements MetadataLog {
    private static final System.Logger LOG = System.getLogger(RatisMetadataLog.class.getName());
    private static final long SNAPSHOT_TIMEOUT_MS = 60_000;
    private static final long BATCH_MARGIN_BYTES = 1_024;
    private static final long RESIGN_TIMEOUT_MS = 3_000;

    private final QuorumSettings settings;
    private final Threads threads;
    private final Clock clock;
    private final RaftServer server;
    private final RaftGroupId group;
    private final RatisSnapshots snapshots;
    private final MetadataStateMachine machine;
    private final Delivery delivery;
    private final Leaderships leaderships;
    private final LeaderWatch watch;
    private final RatisMembers members;
    private final ClientId client;
    private final AtomicLong calls = new AtomicLong();
    /** One snapshot is taken at a time. */
    private final Object snapshotting = new Object();

    private RatisMetadataLog(
            QuorumSettings settings,
            Environment environment,
            QuorumFolder folder,
            Delivery delivery,
            Leaderships leaderships,
            ClientId client)
            throws IOException {
        this.client = client;
        this.settings = settings;
        this.threads = environment.threads();
        this.clock = environment.clock();
        this.delivery = delivery;
        this.leaderships = leaderships;
        this.snapshots = new RatisSnapshots(folder.snapshots());
        this.machine = new MetadataStateMachine(snapshots, delivery, leaderships, clock, this::stop);
        this.group = RaftGroupId.valueOf(folder.group());
        this.watch = new LeaderWatch(clock);
        var properties = RatisServerSetup.properties(settings, folder.root().toString());
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, watch);
        this.server = RaftServer.newBuilder()
                .setServerId(RatisMembers.id(settings.self().id()))
                .setGroup(RaftGroup.valueOf(group, firstVoters(settings)))
                .setStateMachine(machine)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(properties)
                .setParameters(parameters)
                .build();
        this.members = new RatisMembers(settings, group, server, properties, clock);
    }

    /** Where a cluster begins; a member that is to be added waits for the leader to call, and one that was knows better. */
    private static List<RaftPeer> firstVoters(QuorumSettings settings) {
        return settings.isFirstVoter()
                ? settings.contacts().stream().map(RatisMembers::raftPeer).toList()
                : List.of();
    }

    /**
     * Starts a member: one of the first voters of a new cluster, one that is to be added by {@link #addVoter} or {@link #addObserver}, or one that was a member before. Returns when the listener has
     * heard the newest snapshot, if there is one, and the member answers others; it may not know a leader yet.
     *
     * @param data a directory that survives a power cut, on the machine's own file system
     * @throws IOException if the log is that of a single node or of another cluster, is damaged, or the port is in use
     */
    public static RatisMetadataLog open(Path data, QuorumSettings settings, Environment environment, Listener listener)
            throws IOException {
        RatisLogging.onlyWarnings();
        // Else it would end the process where a port is in use.
        ExitUtils.disableSystemExit();
        QuorumFolder folder = QuorumFolder.of(data, settings.clusterId());
        folder.prepare();
        Delivery delivery = new Delivery(environment.threads(), listener);
        RatisMetadataLog log;
        try {
            log = new RatisMetadataLog(
                    settings,
                    environment,
                    folder,
                    delivery,
                    new Leaderships(settings.self().id(), delivery),
                    ClientId.valueOf(new UUID(
                            environment.random().nextLong(),
                            environment.random().nextLong())));
        } catch (IOException | RuntimeException e) {
            delivery.close();
            throw e;
        }
        try {
            log.server.start();
            log.watch.begin(log.server, log.server.getDivision(log.group), environment.threads());
            return log;
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e instanceof IOException cause ? cause : new IOException("the member could not be started", e);
        }
    }

    /**
     * Makes the log of a single node that of the first voter of a quorum, which {@link #open} then starts with that node as the only contact. Records, offsets and epoch go on. There is nothing to do if it is
     * one. A crash leaves the one or the other.
     *
     * @throws IOException if that failed: the log is still that of a single node
     */
    public static void migrate(Path data, String clusterId, Clock clock) throws IOException {
        new Migration(data, QuorumFolder.of(data, clusterId), clock).run();
    }

    @Override
    public long append(List<ByteBuffer> records, int epoch) throws IOException {
        checkWhole();
        Leadership now = leaderships.current();
        if (!now.isBy(settings.self().id()) || now.epoch() != epoch) {
            throw new NotLeadingException(epoch, now);
        }
        RaftClientRequest request = request(records, epoch);
        RaftClientReply reply;
        try {
            reply = server.submitClientRequestAsync(request).join();
        } catch (IOException | CompletionException e) {
            throw new UncertainAppendException(e);
        }
        if (!reply.isSuccess()) {
            throw refused(reply, epoch);
        }
        long offset = reply.getMessage().getContent().asReadOnlyByteBuffer().getLong();
        if (offset < 0) {
            throw new NotLeadingException(epoch, leaderships.current());
        }
        return offset;
    }

    private void checkWhole() throws IOException {
        Throwable failure = machine.failure();
        if (failure != null) {
            throw new IOException("the metadata log takes no more records: " + failure.getMessage(), failure);
        }
    }

    private RaftClientRequest request(List<ByteBuffer> records, int epoch) throws IOException {
        RecordBatchBuilder builder = new RecordBatchBuilder().baseOffset(0).partitionLeaderEpoch(epoch);
        long nowMs = clock.millis();
        for (ByteBuffer record : records) {
            builder.append(nowMs, (ByteBuffer) null, record);
        }
        RecordBatch batch = builder.build();
        if (batch.sizeInBytes() > settings.limits().entryMax() - BATCH_MARGIN_BYTES) {
            throw new IOException("an append of " + batch.sizeInBytes() + " bytes is larger than "
                    + settings.limits().entryMax() + " allow");
        }
        var message = UnsafeByteOperations.unsafeWrap(batch.buffer());
        return RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(group)
                .setCallId(calls.incrementAndGet())
                .setMessage(() -> message)
                .setType(RaftClientRequest.writeRequestType())
                .build();
    }

    private IOException refused(RaftClientReply reply, int epoch) {
        if (reply.getException() instanceof LeaderNotReadyException) {
            return new NotLeadingException(epoch, leaderships.current());
        }
        return new UncertainAppendException(reply.getException());
    }

    @FunctionalInterface
    private interface Call {
        RaftClientReply run() throws IOException;
    }

    private static RaftClientReply reply(Call call) throws IOException {
        try {
            return call.run();
        } catch (CompletionException e) {
            throw new IOException("the consensus failed: " + e.getCause(), e);
        }
    }

    @Override
    public long endOffset() {
        return machine.endOffset();
    }

    @Override
    public Leadership leadership() {
        return leaderships.current();
    }

    @Override
    public long bytesSinceSnapshot() {
        return machine.bytesSinceSnapshot();
    }

    /** The file is written by the caller's thread; Ratis' makes it the newest, and lets go of what it stands for. */
    @Override
    public void snapshot(long endOffset, List<ByteBuffer> records) throws IOException {
        synchronized (snapshotting) {
            AppliedEntries.Entry entry = machine.entries().endingAt(endOffset);
            if (entry == null) {
                if (endOffset == 0 && machine.endOffset() == 0) {
                    return;
                }
                throw new IOException("no append that is remembered ended at offset " + endOffset);
            }
            if (entry.index() <= machine.snapshotIndex()) {
                return;
            }
            var name = new RatisSnapshots.Name(endOffset, entry.epoch(), entry.index());
            Uninterrupted.finish(
                    () -> Snapshot.prepare(snapshots.file(name), entry.epoch(), entry.appliedMs(), records));
            machine.publishNext(name);
            RaftClientReply reply = reply(() -> server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                            client, server.getId(), group, calls.incrementAndGet(), SNAPSHOT_TIMEOUT_MS, 1))
                    .join());
            if (!reply.isSuccess() || machine.snapshotIndex() < entry.index()) {
                throw new IOException("the snapshot was not taken", reply.getException());
            }
        }
    }

    @Override
    public Quorum quorum() throws IOException {
        return view().of(leaderships.current());
    }

    private QuorumView view() throws IOException {
        return new QuorumView(settings.self().id(), server.getDivision(group), machine, clock);
    }

    @Override
    public void addVoter(Peer peer) throws IOException {
        members.checkIsOfThisCluster(peer);
        members.addVoters(Set.of(peer.id()), now -> now.withVoter(peer));
        view().awaitSettled();
    }

    @Override
    public void addObserver(Peer peer) throws IOException {
        members.checkIsOfThisCluster(peer);
        members.change(now -> now.withObserver(peer));
    }

    @Override
    public void join() throws IOException {
        if (!members.isInTouch()) {
            members.change(now -> now.withMember(settings.self()));
        }
    }

    @Override
    public void promote(Set<Integer> observers) throws IOException {
        members.addVoters(observers, now -> now);
        view().awaitSettled();
    }

    @Override
    public int appendBytesMax() {
        return settings.limits().entryMax() - (int) BATCH_MARGIN_BYTES;
    }

    @Override
    public void resign(int epoch) throws IOException {
        Leadership now = leaderships.current();
        if (now.isBy(settings.self().id()) && now.epoch() == epoch) {
            reply(() -> server.transferLeadership(new TransferLeadershipRequest(
                    client, server.getId(), group, calls.incrementAndGet(), null, RESIGN_TIMEOUT_MS)));
        }
    }

    @Override
    public void remove(int nodeId) throws IOException {
        members.change(now -> now.without(nodeId));
    }

    /** After a failure; the others are to see that this member is gone. */
    private void stop() {
        threads.startBlocking("quorum-stop", () -> {
            try {
                server.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "The member of the quorum could not be closed", e);
            }
        });
    }

    /** What is committed is forced already; nobody is told of the leave, and the others elect another leader if this one led. */
    @Override
    public void close() throws IOException {
        watch.close();
        try {
            server.close();
        } finally {
            delivery.close();
        }
    }
}
