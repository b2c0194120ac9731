package io.milena.simulator.cluster;

import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.log.Log;
import io.milena.protocol.ErrorCode;
import io.milena.records.RecordBatch;
import io.milena.replication.Follower;
import io.milena.replication.FollowerPhase;
import io.milena.replication.Leader;
import io.milena.replication.ReplicaState;
import io.milena.simulator.Brokers.Target;
import io.milena.simulator.invariants.Invariant;
import io.milena.simulator.invariants.Sighting;
import io.milena.testkit.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks at all replicas of a cluster between two steps, and shows those that have changed to the invariants. On the thread that drives the world. */
final class Watch {
    /** New replicas are looked for now and then only; those that are known are looked at every time. */
    private static final int LOOKS = 8;

    private final List<Invariant> invariants;
    private final List<Eye> eyes = new ArrayList<>();
    /** By name: the id of a topic is known as soon as one replica was seen. */
    private final Map<String, Sighting.Place> places = new TreeMap<>();

    Watch(List<Machine> machines, List<Invariant> invariants) {
        this.invariants = invariants;
        machines.forEach(machine -> eyes.add(new Eye(machine)));
    }

    /** A process has taken a step; whatever others have in memory is as it was. */
    void look(@Nullable SimulatedProcess stepped) {
        for (Eye eye : eyes) {
            eye.follow();
            if (eye.machine.runs(stepped)) {
                eye.look();
            }
        }
    }

    /** A producer was told so; on its own thread, which is the same. */
    void acknowledged(Target where, long offset, RecordBatch batch) {
        Sighting.Place place = place(where);
        invariants.forEach(invariant -> invariant.acknowledged(place, offset, batch.crc()));
    }

    /** A follower has shown it to a consumer; on its own thread, which is the same. */
    void shown(Target where, RecordBatch batch) {
        acknowledged(where, batch.baseOffset(), batch);
    }

    /** A consumer was told so; on its own thread, which is the same. */
    void toldStable(Target where, long lastStableOffset) {
        Sighting.Place place = place(where);
        invariants.forEach(invariant -> invariant.toldStable(place, lastStableOffset));
    }

    /** A partition that somebody speaks of, after a look at what is there now. */
    private Sighting.Place place(Target where) {
        for (Eye eye : eyes) {
            eye.follow();
            eye.look(true);
        }
        Sighting.Place place = places.get(where.name() + "-" + where.partition());
        if (place == null) {
            throw new IllegalStateException("no replica of " + where + " was ever seen");
        }
        return place;
    }

    /** What is seen of the process that runs on one machine. */
    private final class Eye {
        private final Machine machine;
        private final List<Replica> replicas = new ArrayList<>();
        private Sighting.Life life;
        private int looks;

        Eye(Machine machine) {
            this.machine = machine;
            this.life = new Sighting.Life(machine.id(), 0);
        }

        /** Another process is another life, and none is none. */
        void follow() {
            if (machine.life() != life.number() || !machine.isUp()) {
                forget();
            }
        }

        void look() {
            look(looks++ % LOOKS == 0);
        }

        void look(boolean isThorough) {
            Partitions partitions = machine.partitions();
            if (partitions == null) {
                return;
            }
            if (isThorough) {
                find(partitions.all());
            }
            for (Replica replica : replicas) {
                replica.look();
            }
        }

        private void find(List<Partition> present) {
            for (int i = 0; i < present.size(); i++) {
                find(i, present.get(i));
            }
            while (replicas.size() > present.size()) {
                replicas.removeLast();
            }
        }

        private void forget() {
            if (life.number() > 0) {
                invariants.forEach(invariant -> invariant.ended(life));
            }
            replicas.clear();
            life = new Sighting.Life(machine.id(), machine.isUp() ? machine.life() : 0);
        }

        private void find(int index, Partition partition) {
            for (int i = index; i < replicas.size(); i++) {
                if (replicas.get(i).partition.equals(partition)) {
                    if (i > index) {
                        replicas.subList(index, i).clear();
                    }
                    return;
                }
            }
            replicas.add(index, new Replica(partition, machine, life));
        }
    }

    private final class Replica {
        private final Partition partition;
        private final Sighting.Life life;
        private final Sighting.Place place;
        private final LogFiles files;
        private @Nullable ReplicaState state;
        /** As the last look has found it, whether it could be shown or not. */
        private @Nullable ReplicaState latest;

        private long startOffset = -1;
        private long endOffset = -1;

        Replica(Partition partition, Machine machine, Sighting.Life life) {
            this.partition = partition;
            this.life = life;
            this.place = new Sighting.Place(partition.topicId(), partition.topic(), partition.index());
            this.files = new LogFiles(machine.data().resolve(partition.topic() + "-" + partition.index()));
            places.put(place.toString(), place);
        }

        @SuppressWarnings("ReferenceEquality") // States are immutable: the same object is no change.
        void look() {
            Log log = partition.log();
            ReplicaState now = partition.replica().state();
            long start = log.logStartOffset();
            long end = log.logEndOffset();
            if (now == state && start == startOffset && end == endOffset) {
                return;
            }
            tellCommitted(now);
            if (log.isOffline() || !files.follow(start, end)) {
                return;
            }
            state = now;
            startOffset = start;
            endOffset = end;
            Sighting sighting = sighting(now);
            invariants.forEach(invariant -> invariant.see(sighting));
        }

        /** What a leader commits in the step that takes away its leadership or its disk would never be seen else. A follower's high watermark does not move in the step that makes it one. */
        private void tellCommitted(ReplicaState now) {
            ReplicaState before = latest;
            latest = now;
            if (now instanceof Leader) {
                tellCommitted(now.leaderEpoch(), now.highWatermark());
            } else if (before instanceof Leader && now.highWatermark() > before.highWatermark()) {
                tellCommitted(before.leaderEpoch(), now.highWatermark());
            }
        }

        private void tellCommitted(int leaderEpoch, long highWatermark) {
            invariants.forEach(invariant -> invariant.committed(place, leaderEpoch, highWatermark));
        }

        private Sighting sighting(ReplicaState now) {
            boolean tells = now instanceof Leader leader && leader.latestOffsetError() == ErrorCode.NONE;
            return new Sighting(life, place, role(now), now.leaderEpoch(), now.highWatermark(), tells, files.log());
        }

        /** While its end is being taken away, a follower shows nothing. */
        private static Sighting.Role role(ReplicaState state) {
            return switch (state) {
                case Leader ignored -> Sighting.Role.LEADER;
                case Follower follower ->
                    follower.phase() instanceof FollowerPhase.Truncating ? Sighting.Role.NONE : Sighting.Role.FOLLOWER;
                default -> Sighting.Role.NONE;
            };
        }
    }
}
