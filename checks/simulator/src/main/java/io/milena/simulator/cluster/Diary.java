package io.milena.simulator.cluster;

import io.milena.simulator.Brokers;
import io.milena.simulator.Brokers.Target;
import io.milena.simulator.CommittedReader;
import io.milena.simulator.CommittedRecords;
import io.milena.simulator.History;
import io.milena.simulator.Pipeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Idempotent writers and readers: of each partition a history. */
final class Diary implements Workload {
    static final String TOPIC = "diary";
    static final int PARTITIONS = 2;

    private final Stage stage;
    private final List<History> histories = new ArrayList<>();
    private final List<List<ClusterWriter>> writers = new ArrayList<>();
    private final List<ClusterReader> readers = new ArrayList<>();
    private final List<ClusterReader> judges = new ArrayList<>();

    Diary(Stage stage) {
        this.stage = stage;
    }

    @Override
    public Map<String, Integer> topics() {
        return Map.of(TOPIC, PARTITIONS);
    }

    @Override
    public void begin() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ClusterWriter.Place place = new ClusterWriter.Place(TOPIC, partition);
            History history = new History();
            histories.add(history);
            List<ClusterWriter> itsWriters = new ArrayList<>();
            for (int i = 0; i <= partition; i++) {
                itsWriters.add(new ClusterWriter(stage, place, history));
            }
            writers.add(itsWriters);
            readers.add(new ClusterReader(stage, place, history, this::isWritten));
        }
        writers.forEach(all -> all.forEach(writer -> writer.start("writer")));
        readers.forEach(reader -> reader.start("reader"));
    }

    @Override
    public List<Integer> progress() {
        List<Integer> progress = new ArrayList<>();
        writers.forEach(all -> all.forEach(writer -> progress.add(writer.acknowledged())));
        return progress;
    }

    private boolean isWritten() {
        return writers.stream().allMatch(all -> all.stream().allMatch(ClusterClient::isDone));
    }

    @Override
    public boolean isDone() {
        return isWritten() && readers.stream().allMatch(ClusterClient::isDone);
    }

    @Override
    public List<ClusterClient> beginToJudge() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ClusterReader judge = new ClusterReader(
                    stage, new ClusterWriter.Place(TOPIC, partition), histories.get(partition), () -> true);
            judge.start("judge");
            judges.add(judge);
        }
        return List.copyOf(judges);
    }

    @Override
    public void judge() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            histories.get(partition).check(judges.get(partition).log());
        }
    }

    /** How many batches were acknowledged. */
    int acknowledged() {
        int acknowledged = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            acknowledged += acknowledged(partition);
        }
        return acknowledged;
    }

    private int acknowledged(int partition) {
        return writers.get(partition).stream()
                .mapToInt(ClusterWriter::acknowledged)
                .sum();
    }

    /** A partition, for those who read on from it: every record is one number. */
    Pipeline.Input input(int partition) {
        return new Pipeline.Input() {
            @Override
            public String topic() {
                return TOPIC;
            }

            @Override
            public int partition() {
                return partition;
            }

            @Override
            public int ahead(Brokers brokers, int from) throws IOException {
                CommittedRecords records = CommittedReader.fetch(brokers, Target.leader(TOPIC, partition), from);
                return records == null ? 0 : records.records().size();
            }

            @Override
            public boolean isOver() {
                return isWritten();
            }

            @Override
            public int count() {
                return acknowledged(partition);
            }
        };
    }
}
