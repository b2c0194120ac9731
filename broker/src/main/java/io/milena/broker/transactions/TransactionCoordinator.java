package io.milena.broker.transactions;

import io.milena.broker.api.OtherBrokers;
import io.milena.broker.groups.CoordinatorPlace;
import io.milena.broker.groups.TimerQueue;
import io.milena.broker.partitions.InternalTopics;
import io.milena.broker.partitions.LeaderWatch;
import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.topics.TopicCreation;
import io.milena.protocol.ErrorCode;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import io.milena.runtime.Signal;
import io.milena.runtime.TrustedTime;
import io.milena.transactions.Command;
import io.milena.transactions.TopicPartition;
import io.milena.transactions.TransactionSettings;
import io.milena.transactions.TransactionShard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the host of a transactional id; creates {@code __transaction_state} when the first one comes. Safe for use by many threads. */
public final class TransactionCoordinator implements CoordinatorPlace, AutoCloseable {
    /** How long a clean stop waits for transactions that are being ended; what is left is taken up by the next start. */
    private static final long STOP_MS = 5_000;
    /** How often hanging transactions are looked for. */
    private static final long LOOK_MS = 60_000;

    private final Partitions partitions;
    private final TopicCreation creation;
    private final Settings settings;
    private final ProducerIds producerIds;
    private final Markers markers;
    private final DistantCoordinators others;
    private final Environment environment;
    private final TrustedTime time;
    private final TimerQueue timers;
    private final HangingTransactions hanging;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, CoordinatorHost> hosts = new ConcurrentSkipListMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private final Signal changed = new Signal();
    /** How many partitions the topic had, working or not. */
    private volatile int loadedCount;

    private volatile boolean isReady;
    private volatile boolean isStopping;

    /** @param topic that of the coordinators, for when it is created */
    public record Settings(TransactionSettings transactions, TopicCreation.OwnTopic topic) {}

    public TransactionCoordinator(
            Partitions partitions,
            TopicCreation creation,
            Settings settings,
            ProducerIds producerIds,
            MarkerWriter markers,
            OtherBrokers others,
            Environment environment) {
        this.partitions = partitions;
        this.creation = creation;
        this.settings = settings;
        this.producerIds = producerIds;
        this.markers = new Markers(markers::write, partitions, others, environment.threads());
        this.others = new DistantCoordinators(others);
        this.environment = environment;
        this.time = new TrustedTime(environment.clock());
        this.timers = new TimerQueue(environment.clock(), environment.threads(), "transaction-timers");
        this.hanging = new HangingTransactions(partitions, this::know);
    }

    /** Loads a host for each partition that this broker leads now, if the topic is there, and goes on with what their predecessors have left; and lets go of those that it does not lead any more. */
    public void follow() throws IOException {
        lock.lock();
        try {
            List<Partition> here = partitions.all(InternalTopics.TRANSACTION_STATE);
            letGo(Set.copyOf(here));
            for (Partition partition : here) {
                boolean isNew = !hosts.containsKey(partition.index());
                if (isNew && partition.isLed() && !partition.log().isOffline()) {
                    hosts.put(
                            partition.index(),
                            CoordinatorHost.load(partition, settings.transactions, timers, time, this::start));
                }
            }
            loadedCount = creation.partitionsOf(InternalTopics.TRANSACTION_STATE);
            isReady = loadedCount > 0;
        } finally {
            lock.unlock();
        }
    }

    private void letGo(Set<Partition> here) {
        List<CoordinatorHost> over =
                hosts.values().stream().filter(host -> !host.isOfOne(here)).toList();
        hosts.values().removeAll(over);
        over.forEach(CoordinatorHost::resign);
    }

    /** Follows the leaders from now on. */
    public void follow(LeaderWatch leaders) {
        leaders.start("transaction-shards", this::follow, () -> isStopping);
    }

    /** Looks for hanging transactions from now on; called once, when the broker serves. */
    public void watch() {
        timers.set(hanging, LOOK_MS, () -> {
            environment.threads().start("hanging-transactions", () -> {
                hanging.look(time.millis());
                watch();
            });
        });
    }

    /** Those that the last look has found. */
    public List<HangingTransaction> hangingTransactions() {
        return hanging.current();
    }

    private boolean know(TopicPartition where, long producerId) {
        Set<Integer> elsewhere = new TreeSet<>();
        for (int index = 0; index < loadedCount; index++) {
            int leader = partitions.leaderOf(InternalTopics.TRANSACTION_STATE, index);
            if (leader < 0 || (leader == partitions.localId() && !hosts.containsKey(index))) {
                return true; // whoever leads next may know of it
            }
            elsewhere.add(leader);
        }
        elsewhere.remove(partitions.localId());
        return hosts().stream().anyMatch(host -> host.read(shard -> shard.hasOpen(producerId, where)))
                || others.know(elsewhere, where, producerId);
    }

    private void start(TransactionEnd end) {
        running.incrementAndGet();
        environment.threads().start("transaction-end " + end.transactionalId(), () -> carryOut(end));
    }

    private void carryOut(TransactionEnd end) {
        try {
            end.carryOut(markers, new TransactionEnd.Pause() {
                @Override
                public boolean isStopping() {
                    return isStopping;
                }

                @Override
                public void await(long durationMs) throws InterruptedException {
                    changed.await(() -> isStopping, Deadline.afterMs(environment.clock(), durationMs));
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.decrementAndGet();
            changed.raise();
        }
    }

    /** Makes sure that transactional ids have a place. */
    @Override
    public ErrorCode ensureReady() {
        if (isReady) {
            return ErrorCode.NONE;
        }
        lock.lock();
        try {
            if (!isReady) {
                ErrorCode error = creation.ensure(settings.topic);
                if (error != ErrorCode.NONE) {
                    return ErrorCode.COORDINATOR_NOT_AVAILABLE;
                }
                follow();
            }
            return ErrorCode.NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int nodeOf(String transactionalId) {
        int leader = leaderOf(transactionalId);
        return leader != partitions.localId()
                        || hostOf(transactionalId) != null
                        || absence(transactionalId) == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
                ? leader
                : -1;
    }

    private int leaderOf(String transactionalId) {
        return isReady
                ? partitions.leaderOf(
                        InternalTopics.TRANSACTION_STATE, TransactionShard.partitionFor(transactionalId, loadedCount))
                : -1;
    }

    /** The other broker that coordinates a transactional id; -1 where it is this one, or none. */
    int elsewhere(String transactionalId) {
        int leader = leaderOf(transactionalId);
        return leader == partitions.localId() ? -1 : leader;
    }

    DistantCoordinators others() {
        return others;
    }

    /** The host of a transactional id; null while its log is offline, or there is no place yet. */
    @Nullable
    CoordinatorHost hostOf(String transactionalId) {
        if (!isReady || isStopping) {
            return null;
        }
        CoordinatorHost host = hosts.get(TransactionShard.partitionFor(transactionalId, loadedCount));
        return host == null || host.isOver() ? null : host;
    }

    /** Why there is no host of a transactional id: it is being loaded, and whoever asks has to come again; or it is not here. */
    ErrorCode absence(String transactionalId) {
        boolean isComing = isReady
                && !isStopping
                && partitions.leads(
                        InternalTopics.TRANSACTION_STATE, TransactionShard.partitionFor(transactionalId, loadedCount));
        return isComing ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NOT_COORDINATOR;
    }

    /** Whether some hosts are still being loaded. */
    boolean isLoading() {
        return partitions.all(InternalTopics.TRANSACTION_STATE).stream().anyMatch(partition -> {
            CoordinatorHost host = hosts.get(partition.index());
            return partition.isLed() && !partition.log().isOffline() && (host == null || host.isOver());
        });
    }

    /** All hosts that work, in order. */
    List<CoordinatorHost> hosts() {
        return hosts.values().stream().filter(host -> !host.isOver()).toList();
    }

    /** Where the log of an id is offline, nobody knows what it holds: clients look for the coordinator again. Where it is being loaded, they wait for it. */
    PendingResult submit(String transactionalId, Command command) {
        if (transactionalId.isEmpty()) {
            return PendingResult.refused(ErrorCode.INVALID_REQUEST);
        }
        CoordinatorHost host = hostOf(transactionalId);
        return host == null ? PendingResult.refused(absence(transactionalId)) : host.submit(command);
    }

    /** As {@link #submit}, with a new producer id for the command if the id may need one. */
    PendingResult submitWithProducerId(String transactionalId, Function<OptionalLong, Command> command) {
        CoordinatorHost host = hostOf(transactionalId);
        if (host == null || transactionalId.isEmpty()) {
            return submit(transactionalId, command.apply(OptionalLong.empty()));
        }
        boolean isWanted = host.read(shard -> shard.wantsProducerId(transactionalId));
        return host.submit(command.apply(isWanted ? producerIds.take() : OptionalLong.empty()));
    }

    Clock clock() {
        return environment.clock();
    }

    @Override
    public void close() {
        isStopping = true;
        timers.close();
        changed.raise();
        try {
            changed.await(() -> running.get() == 0, Deadline.afterMs(environment.clock(), STOP_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
