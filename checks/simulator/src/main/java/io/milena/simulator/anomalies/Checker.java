package io.milena.simulator.anomalies;

import io.milena.simulator.anomalies.Anomaly.Kind;
import io.milena.simulator.anomalies.TransactionHistory.Append;
import io.milena.simulator.anomalies.TransactionHistory.Poll;
import io.milena.simulator.anomalies.TransactionHistory.Reader;
import io.milena.simulator.anomalies.TransactionHistory.Seen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds what is wrong with a history. */
public final class Checker {
    private Checker() {}

    public static List<Anomaly> check(TransactionHistory history) {
        Observations observations = Observations.of(history);
        List<Anomaly> anomalies = new ArrayList<>(observations.anomalies());
        Dependencies writes = writes(history, observations);
        Dependencies reads = reads(history);
        Dependencies both = new Dependencies();
        both.addAll(writes);
        both.addAll(reads);
        Set<TreeSet<Integer>> known = new HashSet<>();
        report(Kind.READ_CYCLE, reads, known, anomalies);
        report(Kind.WRITE_CYCLE, writes, known, anomalies);
        report(Kind.INFORMATION_CYCLE, both, known, anomalies);
        return anomalies;
    }

    private static void report(
            Kind kind, Dependencies dependencies, Set<TreeSet<Integer>> known, List<Anomaly> anomalies) {
        for (TreeSet<Integer> circle : dependencies.circles()) {
            if (known.add(circle)) {
                anomalies.add(new Anomaly(kind, "transactions " + circle));
            }
        }
    }

    /** The writer of a value comes after the writer of the value before it (ww). */
    private static Dependencies writes(TransactionHistory history, Observations observations) {
        Dependencies writes = new Dependencies();
        observations.logs().values().forEach(log -> {
            int before = -1;
            for (long value : log.values()) {
                int writer = history.known(value).transaction.number;
                if (before >= 0) {
                    writes.add(before, writer);
                }
                before = writer;
            }
        });
        return writes;
    }

    /** Who sees a value comes after its writer (wr). */
    private static Dependencies reads(TransactionHistory history) {
        Dependencies reads = new Dependencies();
        for (Reader reader : history.readers) {
            for (Poll poll : reader.polls) {
                for (Seen seen : poll.seen()) {
                    Append append = history.appends.get(seen.value());
                    if (append != null && poll.by() != null) {
                        reads.add(append.transaction.number, poll.by().number);
                    }
                }
            }
        }
        return reads;
    }
}
