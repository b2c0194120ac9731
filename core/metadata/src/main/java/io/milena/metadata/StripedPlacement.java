package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Spreads partitions over registered brokers as Apache Kafka does, in stripes: each next partition begins one rack and one broker further, and its replicas go round the
 * racks, so that no rack has two of them before each has one. Leaders are on brokers that are up; brokers that are fenced or going get replicas only when their
 * rack has nobody else. Where it begins is up to the seed; after as many partitions as there are brokers up the order is shuffled, so that brokers do
 * not always share their partitions with the same others.
 *
 * <pre>
 *   racks a: 0 3   b: 1 4   c: 2 5        partition 0: 0 1 2      partition 3: 3 5 4
 *                                         partition 1: 4 5 3      ...
 *                                         partition 2: 2 0 1
 * </pre>
 */
record StripedPlacement(short defaultReplicationFactor) implements Placement {
    @Override
    public int replicationFactorLike(int replicationFactor) {
        return replicationFactor;
    }

    @Override
    public @Nullable Decision fault(ClusterImage image, int replicationFactor) {
        int registered = image.brokers().size();
        boolean isAnyUp = image.brokers().stream().anyMatch(broker -> image.isActive(broker.brokerId()));
        String reason = null;
        if (!isAnyUp) {
            reason = "All brokers are currently fenced, or have all their log directories cordoned.";
        } else if (replicationFactor > registered) {
            reason = "The target replication factor of " + replicationFactor + " cannot be reached because only "
                    + registered
                    + " broker(s) are registered or some brokers have all their log directories cordoned.";
        }
        return reason == null
                ? null
                : Decision.refused(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "Unable to replicate the partition " + replicationFactor + " time(s): " + reason);
    }

    @Override
    public @Nullable String absence(ClusterImage image, int broker) {
        return image.broker(broker) == null ? "." : null;
    }

    @Override
    public boolean isActive(ClusterImage image, int broker) {
        return image.isActive(broker);
    }

    @Override
    public List<List<Integer>> place(ClusterImage image, int partitions, int replicationFactor, long seed) {
        Stripes stripes = new Stripes(image, new SplittableRandom(seed));
        List<List<Integer>> placed = new ArrayList<>(partitions);
        for (int i = 0; i < partitions; i++) {
            placed.add(stripes.next(replicationFactor));
        }
        return placed;
    }

    /** The racks, and where in them the next partition begins. */
    private static final class Stripes {
        private final RandomGenerator random;
        private final List<Rack> racks;
        private final int up;
        private int firstRack;
        private int round;

        Stripes(ClusterImage image, RandomGenerator random) {
            Map<String, Rack> byName = new TreeMap<>();
            int active = 0;
            for (RegisterBrokerRecord broker : image.brokers()) {
                Rack rack = byName.computeIfAbsent(broker.rack() == null ? "" : broker.rack(), name -> new Rack());
                boolean isActive = image.isActive(broker.brokerId());
                (isActive ? rack.up : rack.down).brokers.add(broker.brokerId());
                active += isActive ? 1 : 0;
            }
            this.random = random;
            this.racks = List.copyOf(byName.values());
            this.up = active;
            this.firstRack = random.nextInt(racks.size());
            racks.forEach(rack -> rack.begin(random));
        }

        List<Integer> next(int replicationFactor) {
            if (round == up && up > 1) {
                racks.forEach(rack -> rack.shuffle(random));
                round = 0;
            }
            round++;
            racks.forEach(Rack::turn);
            List<Integer> replicas = new ArrayList<>(replicationFactor);
            int leaderRack = firstRack;
            while (replicas.isEmpty()) {
                Rack rack = racks.get(leaderRack);
                if (rack.up.hasNext()) {
                    replicas.add(rack.up.next());
                } else {
                    leaderRack = (leaderRack + 1) % racks.size();
                }
            }
            int at = firstRack;
            boolean isLeadersTurn = true; // its rack has its share of the first round already
            while (replicas.size() < replicationFactor) {
                if (isLeadersTurn && at == leaderRack) {
                    isLeadersTurn = false;
                } else if (racks.get(at).hasNext()) {
                    replicas.add(racks.get(at).next());
                }
                at = (at + 1) % racks.size();
            }
            firstRack = (firstRack + 1) % racks.size();
            return Ids.of(replicas);
        }
    }

    private static final class Rack {
        private final Ring up = new Ring();
        private final Ring down = new Ring();

        void begin(RandomGenerator random) {
            up.begin(random);
            down.begin(random);
        }

        void shuffle(RandomGenerator random) {
            Collections.shuffle(up.brokers, random);
            Collections.shuffle(down.brokers, random);
        }

        void turn() {
            up.turn();
            down.turn();
        }

        boolean hasNext() {
            return up.hasNext() || down.hasNext();
        }

        int next() {
            return up.hasNext() ? up.next() : down.next();
        }
    }

    /** Brokers in a ring: each turn begins one further and gives each of them once. */
    private static final class Ring {
        private final List<Integer> brokers = new ArrayList<>();
        private int start;
        private int given;

        void begin(RandomGenerator random) {
            start = brokers.isEmpty() ? 0 : random.nextInt(brokers.size());
        }

        void turn() {
            start = brokers.isEmpty() ? 0 : (start + 1) % brokers.size();
            given = 0;
        }

        boolean hasNext() {
            return given < brokers.size();
        }

        int next() {
            return brokers.get((start + given++) % brokers.size());
        }
    }
}
