package io.milena.cli.demo;

import io.milena.cli.demo.Narrator.Tone;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Draws where partitions are, what is in them, and who reads them. */
final class Pictures {
    private static final int COLUMN = 15;

    private final Narrator narrator;

    Pictures(Narrator narrator) {
        this.narrator = narrator;
    }

    private String column(Tone tone, String text) {
        return narrator.toned(tone, text) + " ".repeat(Math.max(1, COLUMN - text.length()));
    }

    private static String name(int partition) {
        return Orders.TOPIC + "-" + partition;
    }

    /** A column for each broker, a row for each partition. */
    List<String> placement(
            List<MetadataResponsePartition> partitions, Collection<Integer> brokers, Collection<Integer> running) {
        List<String> lines = new ArrayList<>();
        lines.add(" ".repeat(COLUMN)
                + brokers.stream()
                        .map(id -> running.contains(id)
                                ? column(Tone.LOUD, "broker " + id)
                                : column(Tone.BAD, "✗ broker " + id))
                        .collect(Collectors.joining()));
        for (MetadataResponsePartition partition : partitions) {
            lines.add(column(Tone.LOUD, name(partition.partitionIndex()))
                    + brokers.stream().map(id -> replica(partition, id)).collect(Collectors.joining()));
        }
        return lines;
    }

    private String replica(MetadataResponsePartition partition, int broker) {
        if (!partition.replicaNodes().contains(broker)) {
            return column(Tone.FAINT, "·");
        }
        if (partition.leaderId() == broker) {
            return column(Tone.GOOD, "● leads");
        }
        return partition.isrNodes().contains(broker)
                ? column(Tone.GOOD, "○ in sync")
                : column(Tone.BAD, "✗ not in sync");
    }

    /** The orders in each partition, by their offsets. */
    List<String> logs(List<Order> orders) {
        List<String> lines = new ArrayList<>();
        for (int partition = 0; partition < Orders.PARTITIONS; partition++) {
            int row = partition;
            lines.add(column(Tone.LOUD, name(partition)) + "│ "
                    + orders.stream()
                            .filter(order -> order.partition() == row)
                            .map(order -> order.offset() + ":" + order.name() + " (" + order.key() + ")")
                            .collect(Collectors.joining("  ")));
        }
        return lines;
    }

    /** Who reads what, and up to where it is committed. */
    List<String> group(Map<String, List<Integer>> assigned, Map<Integer, Long> committed) {
        List<String> lines = new ArrayList<>();
        for (int partition = 0; partition < Orders.PARTITIONS; partition++) {
            int row = partition;
            String reader = assigned.entrySet().stream()
                    .filter(member -> member.getValue().contains(row))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse("nobody");
            lines.add(column(Tone.LOUD, name(partition))
                    + column(Tone.GOOD, "→ " + reader)
                    + (committed.containsKey(partition)
                            ? "committed up to offset " + committed.get(partition)
                            : narrator.toned(Tone.FAINT, "nothing committed yet")));
        }
        return lines;
    }

    static String underReplicated(List<MetadataResponsePartition> partitions) {
        return partitions.stream()
                .filter(Pictures::isUnderReplicated)
                .map(partition -> name(partition.partitionIndex()))
                .collect(Collectors.joining(", "));
    }

    static boolean isUnderReplicated(MetadataResponsePartition partition) {
        return partition.isrNodes().size() < partition.replicaNodes().size();
    }
}
