package io.milena.broker.metrics;

import io.milena.broker.groups.GroupCoordinator;
import io.milena.broker.groups.GroupLag;
import io.milena.broker.partitions.Partitions;
import io.milena.groups.GroupSummary;
import io.milena.runtime.Clock;
import java.util.List;

/** The groups whose coordinator is here, and how far they are behind. */
final class GroupMetrics implements MetricSource {
    private static final Metric MEMBERS =
            Metric.gauge("kafka_consumergroup_members", "Members of the group.", "consumergroup");
    private static final Metric STATE = Metric.gauge(
            "milena_consumergroup_state", "1 for the state that the group is in.", "consumergroup", "state");
    private static final Metric OFFSET =
            offsetGauge("kafka_consumergroup_current_offset", "The offset that the group has committed.");
    private static final Metric LAG = offsetGauge(
            "kafka_consumergroup_lag",
            "Records from the committed offset to the high watermark; 0 where there are none.");
    private static final Metric LAG_SECONDS = offsetGauge(
            "kafka_consumergroup_lag_seconds",
            "How long the oldest record that the group has not committed has been there, by its timestamp: exact to"
                    + " the batch that holds it. 0 where there is none; no value where it has no timestamp.");

    static final List<Metric> ALL = List.of(MEMBERS, STATE, OFFSET, LAG, LAG_SECONDS);

    private final GroupCoordinator groups;
    private final Partitions partitions;
    private final Clock clock;

    GroupMetrics(GroupCoordinator groups, Partitions partitions, Clock clock) {
        this.groups = groups;
        this.partitions = partitions;
        this.clock = clock;
    }

    private static Metric offsetGauge(String name, String help) {
        return Metric.gauge(name, help, "consumergroup", "topic", "partition");
    }

    @Override
    public void read(MetricSink sink) {
        for (GroupSummary group : groups.summaries()) {
            sink.value(MEMBERS, group.members(), group.groupId());
            sink.value(STATE, 1, group.groupId(), group.state());
            for (GroupSummary.Offset offset : group.offsets()) {
                GroupLag.of(offset, partitions).ifPresent(lag -> read(group.groupId(), offset, lag, sink));
            }
        }
    }

    private void read(String groupId, GroupSummary.Offset offset, GroupLag lag, MetricSink sink) {
        String[] labels = {groupId, offset.topic(), Integer.toString(offset.partition())};
        sink.value(OFFSET, offset.offset(), labels);
        sink.value(LAG, lag.records(), labels);
        lag.ageMs(clock.millis()).ifPresent(age -> sink.value(LAG_SECONDS, age / 1e3, labels));
    }
}
