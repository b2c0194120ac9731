package io.milena.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which brokers partitions shall be on, the preferred leader first; by topic and partition. Written by hand as {@code TOPIC:PARTITION=1,2,3}, or in a file as kafka-reassign-partitions has it. */
final class PartitionPlan {
    private static final Pattern WORD = Pattern.compile("(.+):(\\d{1,9})(?:=(\\d{1,9}(?:,\\d{1,9})*))?");
    private static final Pattern ENTRY = Pattern.compile("\\{[^{}]*\"topic\"[^{}]*}");
    private static final Pattern TOPIC = Pattern.compile("\"topic\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern INDEX = Pattern.compile("\"partition\"\\s*:\\s*(\\d{1,9})");
    private static final Pattern REPLICAS = Pattern.compile("\"replicas\"\\s*:\\s*\\[([\\d,\\s]*)]");

    private final TreeMap<Place, List<Integer>> brokers = new TreeMap<>();

    /** A partition. */
    record Place(String topic, int partition) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
        }

        @Override
        public String toString() {
            return topic + "-" + partition;
        }
    }

    /** @param words of the command line, and only some of them may say where */
    static PartitionPlan of(List<String> words, @Nullable Path file) throws IOException {
        PartitionPlan plan = new PartitionPlan();
        for (String word : words) {
            Matcher matcher = WORD.matcher(word);
            if (!matcher.matches()) {
                throw new CommandFailure(
                        "'" + word + "' is not TOPIC:PARTITION=BROKER,BROKER,... as in orders:0=1,2,3");
            }
            plan.add(matcher.group(1), matcher.group(2), matcher.group(3));
        }
        if (file != null) {
            plan.read(file);
        }
        return plan;
    }

    /** @param words of the command line, each of which names a partition */
    static PartitionPlan named(List<String> words) {
        PartitionPlan plan = new PartitionPlan();
        for (String word : words) {
            Matcher matcher = WORD.matcher(word);
            if (!matcher.matches() || matcher.group(3) != null) {
                throw new CommandFailure("'" + word + "' is not TOPIC:PARTITION, as in orders:0");
            }
            plan.add(matcher.group(1), matcher.group(2), null);
        }
        return plan;
    }

    private void read(Path file) throws IOException {
        Matcher entries = ENTRY.matcher(Files.readString(file));
        int before = brokers.size();
        while (entries.find()) {
            plan(file, entries.group());
        }
        if (brokers.size() == before) {
            throw new CommandFailure(file + " names no partition; it must look like"
                    + " {\"partitions\":[{\"topic\":\"orders\",\"partition\":0,\"replicas\":[1,2,3]}]}");
        }
    }

    private void plan(Path file, String entry) {
        Matcher topic = TOPIC.matcher(entry);
        Matcher index = INDEX.matcher(entry);
        Matcher replicas = REPLICAS.matcher(entry);
        if (!topic.find() || !index.find() || !replicas.find()) {
            throw new CommandFailure(file + ": " + entry + " lacks one of topic, partition and replicas");
        }
        add(topic.group(1), index.group(1), replicas.group(1));
    }

    private void add(String topic, String index, @Nullable String ids) {
        List<Integer> target = new ArrayList<>();
        if (ids != null) {
            Stream.of(ids.split(","))
                    .map(String::strip)
                    .filter(id -> !id.isEmpty())
                    .map(Integer::valueOf)
                    .forEach(target::add);
        }
        put(new Place(topic, Integer.parseInt(index)), target);
    }

    void put(Place place, List<Integer> target) {
        if (brokers.put(place, List.copyOf(target)) != null) {
            throw new CommandFailure("partition " + place + " is named twice");
        }
    }

    /** Those that say where. */
    PartitionPlan requireBrokers() {
        brokers.forEach((place, target) -> {
            if (target.isEmpty()) {
                throw new CommandFailure("partition " + place + " is to be on no broker; name some, as in "
                        + place.topic + ":" + place.partition + "=1,2,3");
            }
        });
        return this;
    }

    TreeMap<Place, List<Integer>> brokers() {
        return brokers;
    }

    boolean isEmpty() {
        return brokers.isEmpty();
    }
}
