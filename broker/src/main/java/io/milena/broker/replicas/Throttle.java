package io.milena.broker.replicas;

import io.milena.broker.partitions.CopyThrottle;
import io.milena.broker.partitions.Replica;
import io.milena.metadata.Throttles;
import io.milena.metadata.Throttles.Side;
import io.milena.replication.ByteBucket;
import io.milena.runtime.Clock;
import java.util.concurrent.atomic.AtomicReference;

/** What this broker copies of the replicas that are to be held back, on one side of it; the settings count as they are at the moment. */
final class Throttle implements CopyThrottle {
    private final Side side;
    private final ClusterView cluster;
    private final Clock clock;
    private final AtomicReference<ByteBucket> bucket;

    Throttle(Side side, ClusterView cluster, Clock clock) {
        this.side = side;
        this.cluster = cluster;
        this.clock = clock;
        this.bucket = new AtomicReference<>(ByteBucket.full(ByteBucket.UNLIMITED, clock.nanos()));
    }

    @Override
    public long available(Replica replica) {
        long rate = rate(replica);
        return rate == Throttles.UNLIMITED ? rate : bucket(rate).available(clock.nanos());
    }

    @Override
    public void copied(Replica replica, long bytes) {
        long rate = rate(replica);
        if (rate != Throttles.UNLIMITED) {
            bucket(rate);
            bucket.updateAndGet(now -> now.minus(bytes, clock.nanos()));
        }
    }

    private long rate(Replica replica) {
        long rate = cluster.copyRate(side);
        return rate == Throttles.UNLIMITED
                        || !cluster.isThrottled(
                                side, replica.log().topic(), replica.log().partition())
                ? Throttles.UNLIMITED
                : rate;
    }

    /** Another rate begins with a full bucket, and forgets what was taken too much. */
    private ByteBucket bucket(long rate) {
        return bucket.updateAndGet(now -> now.bytesPerSecond() == rate ? now : ByteBucket.full(rate, clock.nanos()));
    }
}
