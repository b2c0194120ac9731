package io.milena.compatibility.history;

import io.milena.compatibility.history.History.Acknowledged;
import io.milena.compatibility.history.History.Answered;
import io.milena.compatibility.history.History.Asked;
import io.milena.compatibility.history.History.Read;
import io.milena.compatibility.history.History.Sent;
import io.milena.compatibility.history.History.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Compares what clients saw with what the partitions hold at the end. One use for one history. */
public final class HistoryChecker {
    private final Map<Integer, SortedMap<Long, Value>> partitions;
    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Set<Value> sent = new HashSet<>();
    /** Behind the last offset that was acknowledged, by partition. */
    private final Map<Integer, Long> acknowledged = new HashMap<>();

    private final Map<Integer, Long> beforeQuestion = new HashMap<>();
    private final Map<String, Long> positions = new HashMap<>();

    private HistoryChecker(Map<Integer, SortedMap<Long, Value>> partitions) {
        this.partitions = partitions;
    }

    /** @param partitions all records that are there at the end, by partition and offset */
    public static List<Anomaly> check(History history, Map<Integer, SortedMap<Long, Value>> partitions) {
        HistoryChecker checker = new HistoryChecker(partitions);
        history.events().forEach(checker::check);
        partitions.forEach(checker::check);
        return checker.anomalies;
    }

    private void check(History.Event event) {
        switch (event) {
            case Sent(Value value) -> sent.add(value);
            case Acknowledged(Value value, long offset) -> {
                acknowledged.merge(value.partition(), offset + 1, Math::max);
                if (!isThere(value, offset)) {
                    anomalies.add(new Anomaly.Lost(value, offset));
                }
            }
            case Read read -> check(read);
            case Asked(int question, int partition) ->
                beforeQuestion.put(question, acknowledged.getOrDefault(partition, 0L));
            case Answered answer -> {
                long before = beforeQuestion.getOrDefault(answer.question(), 0L);
                if (answer.offset() < before) {
                    anomalies.add(new Anomaly.Stale(answer, before));
                }
            }
        }
    }

    /** A broker that knows only that a batch is there already tells no offset: -1. */
    private boolean isThere(Value value, long offset) {
        SortedMap<Long, Value> records = partitions.get(value.partition());
        return offset < 0
                ? records != null && records.containsValue(value)
                : value.equals(at(value.partition(), offset));
    }

    private @Nullable Value at(int partition, long offset) {
        SortedMap<Long, Value> records = partitions.get(partition);
        return records == null ? null : records.get(offset);
    }

    private void check(Read read) {
        Long expected = positions.put(read.reader() + " " + read.partition(), read.offset() + 1);
        if (expected != null && expected != read.offset()) {
            anomalies.add(new Anomaly.Jumped(read, expected));
        }
        if (!isSent(read.partition(), read.value())) {
            anomalies.add(new Anomaly.Phantom(read.partition(), read.offset(), read.value()));
        } else if (!read.value().equals(at(read.partition(), read.offset()))) {
            anomalies.add(new Anomaly.Changed(read));
        }
    }

    private boolean isSent(int partition, Value value) {
        return value.partition() == partition && sent.contains(value);
    }

    private void check(int partition, SortedMap<Long, Value> records) {
        Map<Integer, Long> last = new HashMap<>();
        Set<Value> seen = new HashSet<>();
        records.forEach((offset, value) -> {
            if (!isSent(partition, value)) {
                anomalies.add(new Anomaly.Phantom(partition, offset, value));
            } else if (!seen.add(value)) {
                anomalies.add(new Anomaly.Duplicated(value, offset));
            } else if (last.getOrDefault(value.producer(), -1L) > value.number()) {
                anomalies.add(new Anomaly.Reordered(value, offset));
            } else {
                last.put(value.producer(), value.number());
            }
        });
    }
}
