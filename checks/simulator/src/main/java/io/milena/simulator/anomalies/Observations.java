package io.milena.simulator.anomalies;

import io.milena.simulator.anomalies.Anomaly.Kind;
import io.milena.simulator.anomalies.TransactionHistory.Append;
import io.milena.simulator.anomalies.TransactionHistory.Fate;
import io.milena.simulator.anomalies.TransactionHistory.Poll;
import io.milena.simulator.anomalies.TransactionHistory.Reader;
import io.milena.simulator.anomalies.TransactionHistory.Seen;
import io.milena.simulator.anomalies.TransactionHistory.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What all polls together have seen of each key, and what is wrong with single values. */
final class Observations {
    private final TransactionHistory history;
    private final List<Anomaly> anomalies = new ArrayList<>();
    /** By key: the values at their offsets. */
    private final TreeMap<Integer, TreeMap<Long, Long>> logs = new TreeMap<>();

    private final Set<Long> seen = new HashSet<>();

    private Observations(TransactionHistory history) {
        this.history = history;
    }

    static Observations of(TransactionHistory history) {
        Observations observations = new Observations(history);
        for (Reader reader : history.readers) {
            reader.polls.forEach(observations::take);
        }
        observations.compareWithAcknowledgements();
        history.readers.forEach(observations::checkOrder);
        history.transactions.forEach(observations::checkWhole);
        return observations;
    }

    List<Anomaly> anomalies() {
        return anomalies;
    }

    /** By key: the values that were seen, at their offsets. */
    SortedMap<Integer, TreeMap<Long, Long>> logs() {
        return logs;
    }

    private void found(Kind kind, String what) {
        anomalies.add(new Anomaly(kind, what));
    }

    private void take(Poll poll) {
        TreeMap<Long, Long> log = logs.computeIfAbsent(poll.key(), key -> new TreeMap<>());
        for (Seen each : poll.seen()) {
            Append append = history.appends.get(each.value());
            if (append == null || append.key != poll.key()) {
                found(Kind.PHANTOM, "value " + each.value() + " is seen in key " + poll.key());
                continue;
            }
            Long before = log.putIfAbsent(each.offset(), each.value());
            if (before != null && before != each.value()) {
                found(Kind.INCONSISTENT_OFFSET, append + " is at offset " + each.offset() + ", as is " + before);
            }
            if (before == null && !seen.add(each.value())) {
                found(Kind.DUPLICATE, append + " is at offset " + each.offset() + " too");
            }
            if (append.transaction.fate == Fate.OPEN) {
                found(Kind.ABORTED_READ, append + " is seen");
            } else if (poll.moment() < append.transaction.askedAt) {
                found(Kind.UNCOMMITTED_READ, append + " is seen");
            }
        }
    }

    private void compareWithAcknowledgements() {
        logs.forEach((key, log) -> log.forEach((offset, value) -> {
            long told = history.known(value).offset;
            if (told >= 0 && told != offset) {
                found(
                        Kind.INCONSISTENT_OFFSET,
                        history.known(value) + " is at offset " + offset + ", and was acknowledged at " + told);
            }
        }));
    }

    /** A reader sees what others see, each value once, in the order of offsets. */
    private void checkOrder(Reader reader) {
        TreeMap<Long, Long> log = logs.getOrDefault(reader.key, new TreeMap<>());
        long last = reader.from - 1;
        for (Poll poll : reader.polls) {
            Map<Transaction, Long> firsts = new HashMap<>();
            for (Seen each : poll.seen()) {
                if (each.offset() <= last) {
                    found(
                            Kind.REPEATED_POLL,
                            "a reader of key " + reader.key + " saw offset " + each.offset() + " after offset " + last);
                } else {
                    log.subMap(last, false, each.offset(), false)
                            .forEach((offset, value) -> passedBy(value, offset, firsts));
                }
                Append append = history.appends.get(each.value());
                if (append != null) {
                    firsts.putIfAbsent(append.transaction, each.offset());
                }
                last = Math.max(last, each.offset());
            }
        }
    }

    private void passedBy(long value, long offset, Map<Transaction, Long> seenInThisPoll) {
        Append append = history.known(value);
        found(
                seenInThisPoll.containsKey(append.transaction) ? Kind.INTERMEDIATE_READ : Kind.SKIPPED_POLL,
                append + " at offset " + offset + " was passed by");
    }

    private void checkWhole(Transaction transaction) {
        boolean isAnySeen = transaction.appends.stream().anyMatch(each -> seen.contains(each.value));
        for (Append each : transaction.appends) {
            if (seen.contains(each.value) || !isPast(each)) {
                continue;
            }
            if (transaction.fate == Fate.COMMITTED) {
                found(Kind.LOST_WRITE, each + " is not seen");
            } else if (isAnySeen) {
                found(Kind.TORN_TRANSACTION, each + " is not seen, and others of it are");
            }
        }
    }

    /** Whether somebody would have seen it if it were there. */
    private boolean isPast(Append append) {
        TreeMap<Long, Long> log = logs.get(append.key);
        return history.isComplete() || (log != null && append.offset >= 0 && append.offset < log.lastKey());
    }
}
