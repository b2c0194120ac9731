package io.milena.quorum;

import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is told what a member wants. */
final class RatisServerSetup {
    /** What a message holds besides the entries. */
    private static final int MESSAGE_MARGIN_BYTES = 1 << 20;

    private static final int SNAPSHOT_CHUNK_BYTES = 1 << 20;
    private static final long CENTURY_DAYS = 36_500;
    private static final int ALONE_MIN_MS = 50;
    private static final int ALONE_MAX_MS = 100;
    private static final long NEVER_MS = 1L << 40;
    private static final int RPC_TIMEOUT_MS = 3_000;
    private static final int RETRY_CACHE_MS = 10_000;
    /** That a member is away is said once in so long. */
    private static final int SAID_AGAIN_MS = 60_000;
    /** Between two calls of a leader to a member that does not answer: twice as long each time, up to this on average, and without an end. */
    private static final int CALL_AGAIN_MAX_MS = 100;

    private RatisServerSetup() {}

    static RaftProperties properties(QuorumSettings settings, String storage) {
        RaftProperties properties = new RaftProperties();
        properties.set(RaftServerConfigKeys.STORAGE_DIR_KEY, storage);
        listening(properties, settings);
        elections(properties, settings.timeouts());
        if (settings.isFirstAlone()) {
            // Nobody else can be elected, or says so when it is asked.
            RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, ms(ALONE_MIN_MS));
            RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, ms(ALONE_MAX_MS));
        }
        log(properties, settings.limits());
        snapshots(properties);
        return properties;
    }

    private static void listening(RaftProperties properties, QuorumSettings settings) {
        RaftConfigKeys.Rpc.setType(properties, new AppendsInTurn.Transport());
        GrpcConfigKeys.Server.setHost(properties, settings.listenHost());
        GrpcConfigKeys.Server.setPort(properties, settings.self().port());
        GrpcConfigKeys.Server.setLogMessageBatchDuration(properties, ms(SAID_AGAIN_MS));
        GrpcConfigKeys.setMessageSizeMax(
                properties, SizeInBytes.valueOf(settings.limits().entryMax() + MESSAGE_MARGIN_BYTES));
        RaftClientConfigKeys.Rpc.setRequestTimeout(properties, ms(RPC_TIMEOUT_MS));
    }

    private static void elections(RaftProperties properties, QuorumSettings.Timeouts timeouts) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, ms(timeouts.electionMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, ms(timeouts.electionMax()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, ms(timeouts.electionMin()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, ms(timeouts.electionMax()));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, ms(timeouts.stepDown()));
        // From one voter to three in one step; the new ones follow already when it is taken.
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
        // A follower that wakes late, because the machine is busy, is to look all the same; the pre-vote keeps it from
        // harm.
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, ms(NEVER_MS));
        // A process that was stopped and goes on is a member as before.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(CENTURY_DAYS, TimeUnit.DAYS));
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, ms(RETRY_CACHE_MS));
    }

    private static void log(RaftProperties properties, QuorumSettings.Limits limits) {
        SizeInBytes entry = SizeInBytes.valueOf(limits.entryMax());
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, entry);
        // One that comes back has to wait for its leader's call, by Ratis' default for up to 7.5 s.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(
                properties, "ExponentialBackoffRetry,1ms," + CALL_AGAIN_MAX_MS + "ms," + Integer.MAX_VALUE);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(limits.entryMax() + Long.BYTES));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(4L * limits.entryMax()));
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(limits.segmentMax()));
        RaftServerConfigKeys.Log.setPreallocatedSize(
                properties, SizeInBytes.valueOf(Math.min(limits.segmentMax(), 1 << 20)));
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(2L * limits.segmentMax()));
        // An entry counts when it is forced, here and there.
        RaftServerConfigKeys.Log.setForceSyncNum(properties, 1);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        // What would take several appends at once answers for some that it drops. AppendsInTurn gives it one at a time;
        // off, it is out of the way.
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
    }

    private static void snapshots(RaftProperties properties) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, true);
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(
                properties, SizeInBytes.valueOf(SNAPSHOT_CHUNK_BYTES));
    }

    private static TimeDuration ms(long duration) {
        return TimeDuration.valueOf(duration, TimeUnit.MILLISECONDS);
    }
}
