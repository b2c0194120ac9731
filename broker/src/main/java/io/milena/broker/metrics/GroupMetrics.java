package io.milena.broker.metrics;

import io.milena.broker.groups.GroupCoordinator;
import io.milena.broker.groups.GroupLag;
import io.milena.broker.partitions.Partitions;
import io.milena.groups.GroupSummary;
import io.milena.protocol.message.DescribeLagResponse.LagThere;
import io.milena.runtime.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The groups whose coordinator is here, and how far they are behind, wherever the partitions are led. */
final class GroupMetrics implements MetricSource {
    private static final Metric MEMBERS =
            Metric.gauge("kafka_consumergroup_members", "Members of the group.", "consumergroup");
    private static final Metric STATE = Metric.gauge(
            "milena_consumergroup_state", "1 for the state that the group is in.", "consumergroup", "state");
    private static final Metric OFFSET =
            offsetGauge("kafka_consumergroup_current_offset", "The offset that the group has committed.");
    private static final Metric LAG = offsetGauge(
            "kafka_consumergroup_lag",
            "Records from the committed offset to the high watermark; 0 where there are none, or only markers in which"
                    + " transactions end.");
    private static final Metric LAG_SECONDS = offsetGauge(
            "kafka_consumergroup_lag_seconds",
            "How long the oldest record that the group has not committed has been there, by its timestamp: exact to"
                    + " the batch that holds it. 0 where there is none; no value where it has no timestamp.");

    static final List<Metric> ALL = List.of(MEMBERS, STATE, OFFSET, LAG, LAG_SECONDS);

    private final GroupCoordinator groups;
    private final Partitions partitions;
    private final LagElsewhere elsewhere;
    private final Clock clock;

    GroupMetrics(GroupCoordinator groups, Partitions partitions, LagElsewhere elsewhere, Clock clock) {
        this.groups = groups;
        this.partitions = partitions;
        this.elsewhere = elsewhere;
        this.clock = clock;
    }

    private static Metric offsetGauge(String name, String help) {
        return Metric.gauge(name, help, "consumergroup", "topic", "partition");
    }

    @Override
    public void read(MetricSink sink) {
        List<GroupSummary> summaries = groups.summaries();
        for (GroupSummary group : summaries) {
            sink.value(MEMBERS, group.members(), group.groupId());
            sink.value(STATE, 1, group.groupId(), group.state());
        }
        List<Committed> notHere = new ArrayList<>();
        for (GroupSummary group : summaries) {
            for (GroupSummary.Offset offset : group.offsets()) {
                Optional<GroupLag> here = GroupLag.of(offset, partitions);
                here.ifPresent(lag -> show(group.groupId(), offset, lag.records(), lag.ageMs(clock.millis()), sink));
                if (here.isEmpty()) {
                    notHere.add(new Committed(group.groupId(), offset));
                }
            }
        }
        Map<GroupSummary.Offset, LagThere> there =
                elsewhere.of(notHere.stream().map(Committed::offset).distinct().toList());
        for (Committed each : notHere) {
            LagThere lag = there.get(each.offset);
            if (lag != null) {
                show(each.groupId, each.offset, lag.records(), age(lag), sink);
            }
        }
    }

    private record Committed(String groupId, GroupSummary.Offset offset) {}

    private static OptionalLong age(LagThere lag) {
        return lag.ageMs() < 0 ? OptionalLong.empty() : OptionalLong.of(lag.ageMs());
    }

    private static void show(
            String groupId, GroupSummary.Offset offset, long records, OptionalLong ageMs, MetricSink sink) {
        String[] labels = {groupId, offset.topic(), Integer.toString(offset.partition())};
        sink.value(OFFSET, offset.offset(), labels);
        sink.value(LAG, records, labels);
        ageMs.ifPresent(age -> sink.value(LAG_SECONDS, age / 1e3, labels));
    }
}
