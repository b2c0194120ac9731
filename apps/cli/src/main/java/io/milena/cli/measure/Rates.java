package io.milena.cli.measure;

import java.util.Comparator;
import java.util.List;

/** What happened between two samples: the busiest topics first, and the groups that are furthest behind. */
public record Rates(List<Topic> topics, List<Group> groups) {
    public record Topic(String name, int partitions, double recordsPerSecond, double bytesPerSecond) {}

    /** @param lagPerSecond positive while it falls behind */
    public record Group(String name, int members, long lag, double recordsPerSecond, double lagPerSecond) {
        /** How long until it has caught up, if it goes on like this; -1 if it never does. */
        public long catchesUpInSeconds() {
            return lag == 0 ? 0 : lagPerSecond >= 0 ? -1 : Math.max(1, Math.round(lag / -lagPerSecond));
        }
    }

    public static Rates between(Sample before, Sample after) {
        double seconds = Math.max(1, after.atMs() - before.atMs()) / 1000.0;
        List<Topic> topics = after.topics().entrySet().stream()
                .map(entry -> {
                    Sample.Topic now = entry.getValue();
                    Sample.Topic then = before.topics().getOrDefault(entry.getKey(), now);
                    return new Topic(
                            entry.getKey(),
                            now.partitions(),
                            perSecond(now.records() - then.records(), seconds),
                            perSecond(now.bytes() - then.bytes(), seconds));
                })
                .sorted(Comparator.comparingDouble(Topic::bytesPerSecond)
                        .thenComparingDouble(Topic::recordsPerSecond)
                        .reversed()
                        .thenComparing(Topic::name))
                .toList();
        List<Group> groups = after.groups().entrySet().stream()
                .map(entry -> {
                    Sample.Group now = entry.getValue();
                    Sample.Group then = before.groups().getOrDefault(entry.getKey(), now);
                    return new Group(
                            entry.getKey(),
                            now.members(),
                            now.lag(),
                            perSecond(now.committed() - then.committed(), seconds),
                            (now.lag() - then.lag()) / seconds);
                })
                .sorted(Comparator.comparingLong(Group::lag).reversed().thenComparing(Group::name))
                .toList();
        return new Rates(topics, groups);
    }

    /** Offsets that were reset and logs that were cut give no negative traffic. */
    private static double perSecond(long difference, double seconds) {
        return Math.max(0, difference) / seconds;
    }

    public double recordsPerSecond() {
        return topics.stream().mapToDouble(Topic::recordsPerSecond).sum();
    }

    public double bytesPerSecond() {
        return topics.stream().mapToDouble(Topic::bytesPerSecond).sum();
    }
}
