package io.milena.simulator.cluster;

import io.milena.simulator.CommittedReader;
import io.milena.simulator.Copier;
import io.milena.simulator.Ledger;
import io.milena.simulator.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pipelines that copy the diary in transactions, each with two programs that take each other for dead; and readers of committed data. */
final class Copies implements Workload {
    private static final String TOPIC = "copies";
    private static final int PARTITIONS = 2;
    private static final int PROGRAMS = 2;
    private static final int NUMBERS_MAX = 25;
    private static final int TIMEOUT_MS = 1_500;

    private final Stage stage;
    private final List<Pipeline> pipelines = new ArrayList<>();
    private final Ledger ledger = new Ledger(Diary.PARTITIONS);
    private final List<ClusterClient> copiers = new ArrayList<>();
    private List<ClusterClient> readers = List.of();

    Copies(Stage stage, Diary diary) {
        this.stage = stage;
        for (int i = 0; i < Diary.PARTITIONS; i++) {
            pipelines.add(new Pipeline(i, diary.input(i), TOPIC, PARTITIONS, NUMBERS_MAX, TIMEOUT_MS));
        }
    }

    @Override
    public Map<String, Integer> topics() {
        return Map.of(TOPIC, PARTITIONS);
    }

    @Override
    public void begin() {
        for (Pipeline pipeline : pipelines) {
            for (int i = 0; i < PROGRAMS; i++) {
                copiers.add(stage.client(new Copier(pipeline, ledger)));
            }
        }
        copiers.forEach(copier -> copier.start("copier"));
        readers = startReaders();
    }

    private List<ClusterClient> startReaders() {
        List<ClusterClient> started = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ClusterClient reader =
                    stage.client(new CommittedReader(TOPIC, partition, this::isCopied, ledger.reader(partition)));
            reader.start("committed-reader");
            started.add(reader);
        }
        return started;
    }

    private boolean isCopied() {
        return copiers.stream().allMatch(ClusterClient::isDone);
    }

    @Override
    public List<Integer> progress() {
        return pipelines.stream()
                .map(pipeline -> ledger.confirmed(pipeline.number()))
                .toList();
    }

    @Override
    public boolean isDone() {
        return isCopied() && readers.stream().allMatch(ClusterClient::isDone);
    }

    @Override
    public List<ClusterClient> beginToJudge() {
        return startReaders();
    }

    @Override
    public void judge() {
        pipelines.forEach(ledger::check);
    }
}
