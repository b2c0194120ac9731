package io.milena.broker.metrics;

import io.milena.broker.transactions.HangingTransaction;
import io.milena.broker.transactions.TransactionCoordinator;
import io.milena.runtime.Clock;
import java.util.List;

/** Transactions that nobody will end. */
final class TransactionMetrics implements MetricSource {
    private static final Metric HANGING = Metric.gauge(
            "milena_hanging_transaction_age_seconds",
            "Transactions that are open here while no coordinator knows of them, so that readers of committed data"
                    + " wait behind start_offset: seconds since their last record. Looked for once in a minute; `milena"
                    + " transactions abort` ends one.",
            "topic",
            "partition",
            "producer_id",
            "start_offset");

    static final List<Metric> ALL = List.of(HANGING);

    private final TransactionCoordinator coordinator;
    private final Clock clock;

    TransactionMetrics(TransactionCoordinator coordinator, Clock clock) {
        this.coordinator = coordinator;
        this.clock = clock;
    }

    @Override
    public void read(MetricSink sink) {
        for (HangingTransaction each : coordinator.hangingTransactions()) {
            sink.value(
                    HANGING,
                    Math.max(0, clock.millis() - each.lastTimestampMs()) / 1e3,
                    each.topic(),
                    Integer.toString(each.partition()),
                    Long.toString(each.producerId()),
                    Long.toString(each.startOffset()));
        }
    }
}
