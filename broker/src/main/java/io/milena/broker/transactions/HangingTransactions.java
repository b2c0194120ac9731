package io.milena.broker.transactions;

import io.milena.broker.partitions.Partition;
import io.milena.broker.partitions.Partitions;
import io.milena.log.ProducerState;
import io.milena.transactions.TopicPartition;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for transactions that are open in a partition while no coordinator knows of them, so that nobody will end them and readers of committed data wait behind them for ever (KIP-664, KIP-890). One that
 * is found twice in a row is reported, once. One thread looks.
 */
final class HangingTransactions {
    private static final System.Logger LOG = System.getLogger("io.milena.transactions");

    private final Partitions partitions;
    private final Coordinators coordinators;
    private Set<Hanging> suspected = Set.of();
    private final Set<Hanging> reported = new LinkedHashSet<>();
    /** Of the last look; read by others. */
    private volatile List<HangingTransaction> current = List.of();

    record Hanging(TopicPartition where, long producerId, long startOffset) {}

    /** Those that end transactions. */
    @FunctionalInterface
    interface Coordinators {
        boolean know(TopicPartition where, long producerId);
    }

    HangingTransactions(Partitions partitions, Coordinators coordinators) {
        this.partitions = partitions;
        this.coordinators = coordinators;
    }

    /** Looks once; answers what is reported now. */
    List<Hanging> look(long nowMs) {
        Set<Hanging> found = new LinkedHashSet<>();
        List<Hanging> fresh = new ArrayList<>();
        List<HangingTransaction> hangs = new ArrayList<>();
        for (Partition partition : partitions.all()) {
            long end = partition.log().logEndOffset();
            if (!partition.isLed()
                    || partition.log().isOffline()
                    || partition.log().lastStableOffset(end) == end) {
                continue;
            }
            for (ProducerState producer : partition.log().producers()) {
                TopicPartition where = new TopicPartition(partition.topic(), partition.index());
                if (producer.currentTransactionFirstOffset() >= 0 && !coordinators.know(where, producer.producerId())) {
                    Hanging hanging =
                            new Hanging(where, producer.producerId(), producer.currentTransactionFirstOffset());
                    found.add(hanging);
                    if (suspected.contains(hanging) && reported.add(hanging)) {
                        fresh.add(hanging);
                        report(hanging, nowMs - producer.lastTimestampMs());
                    }
                    if (reported.contains(hanging)) {
                        hangs.add(new HangingTransaction(
                                partition.topic(),
                                partition.index(),
                                producer.producerId(),
                                hanging.startOffset,
                                producer.lastTimestampMs()));
                    }
                }
            }
        }
        suspected = found;
        reported.retainAll(found);
        current = List.copyOf(hangs);
        return fresh;
    }

    /** Those that were reported and hung at the last look. Any thread may ask. */
    List<HangingTransaction> current() {
        return current;
    }

    private static void report(Hanging hanging, long ageMs) {
        LOG.log(
                Level.WARNING,
                "A transaction hangs in {0}-{1}: producer {2} has one open since offset {3}, no coordinator knows of"
                        + " it, and its last record is {4} ms old. Readers of committed data wait for it. milena"
                        + " transactions abort --topic {0} --partition {1} --start-offset {3} ends it",
                hanging.where.topic(),
                Integer.toString(hanging.where.partition()),
                Long.toString(hanging.producerId),
                Long.toString(hanging.startOffset),
                Long.toString(ageMs));
    }
}
