package io.milena.simulator.cluster;

import io.milena.simulator.AppendStory.Identity;
import io.milena.simulator.Appender;
import io.milena.simulator.CommittedReader;
import io.milena.simulator.anomalies.TransactionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs that append values and poll them in transactions, and readers of committed data; their history is searched for anomalies. */
final class Values implements Workload {
    private static final String TOPIC = "values";
    private static final int KEYS = 3;
    private static final int APPENDERS = 3;
    private static final int TIMEOUT_MS = 1_500;

    private final Stage stage;
    private final Identity identity;
    private final TransactionHistory history = new TransactionHistory();
    private final List<ClusterClient> appenders = new ArrayList<>();
    private List<ClusterClient> readers = List.of();

    Values(Stage stage, Identity identity) {
        this.stage = stage;
        this.identity = identity;
    }

    @Override
    public Map<String, Integer> topics() {
        return Map.of(TOPIC, KEYS);
    }

    @Override
    public void begin() {
        for (int i = 0; i < APPENDERS; i++) {
            appenders.add(
                    stage.client(new Appender(identity.of(i), TIMEOUT_MS, TOPIC, KEYS, history, stage.isEnough())));
        }
        appenders.forEach(appender -> appender.start("appender"));
        readers = startReaders();
    }

    private List<ClusterClient> startReaders() {
        List<ClusterClient> started = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            TransactionHistory.Reader seen = history.read(key, 0);
            ClusterClient reader = stage.client(new CommittedReader(
                    TOPIC, key, this::isAppended, (from, records) -> seen.poll(Appender.seen(records))));
            reader.start("committed-reader");
            started.add(reader);
        }
        return started;
    }

    private boolean isAppended() {
        return appenders.stream().allMatch(ClusterClient::isDone);
    }

    @Override
    public List<Integer> progress() {
        return List.of(history.commits());
    }

    @Override
    public boolean isDone() {
        return isAppended() && readers.stream().allMatch(ClusterClient::isDone);
    }

    @Override
    public List<ClusterClient> beginToJudge() {
        return startReaders();
    }

    @Override
    public void judge() {
        identity.judge(history);
    }
}
