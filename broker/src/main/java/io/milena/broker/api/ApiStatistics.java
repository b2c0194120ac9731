package io.milena.broker.api;

import io.milena.protocol.ErrorCode;
import io.milena.runtime.DurationHistogram;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/** What has become of the requests for one API since the start. Safe for use by many threads; counting a request that succeeds allocates nothing. */
public final class ApiStatistics {
    private final short versionMin;
    private final LongAdder[] byVersion;
    private final DurationHistogram durations = new DurationHistogram();
    /** By number; an answer may hold several. */
    private final ConcurrentMap<Integer, LongAdder> errors = new ConcurrentHashMap<>();

    private final IntConsumer sink = this::countError;

    ApiStatistics(short versionMin, short versionMax) {
        this.versionMin = versionMin;
        this.byVersion = new LongAdder[versionMax - versionMin + 1];
        for (int i = 0; i < byVersion.length; i++) {
            byVersion[i] = new LongAdder();
        }
    }

    void received(short version) {
        byVersion[version - versionMin].increment();
    }

    void answered(long durationNanos) {
        durations.add(durationNanos);
    }

    /** Takes the error codes of an answer. */
    IntConsumer errors() {
        return sink;
    }

    private void countError(int code) {
        if (code == ErrorCode.NONE.code()) {
            return;
        }
        LongAdder count = errors.get(code);
        if (count == null) {
            count = errors.computeIfAbsent(code, any -> new LongAdder());
        }
        count.increment();
    }

    /** Requests by version; only versions that were asked for. */
    public SortedMap<Short, Long> requests() {
        SortedMap<Short, Long> counts = new TreeMap<>();
        for (int i = 0; i < byVersion.length; i++) {
            long count = byVersion[i].sum();
            if (count > 0) {
                counts.put((short) (versionMin + i), count);
            }
        }
        return counts;
    }

    /** From the decoded request to the encoded answer, with whatever the answer waited for; requests that have no answer are not among them. */
    public DurationHistogram durations() {
        return durations;
    }

    /** How often each error was answered, by the error's name; only those that were. */
    public SortedMap<String, Long> errorCounts() {
        SortedMap<String, Long> counts = new TreeMap<>();
        errors.forEach((code, count) -> counts.merge(ErrorCode.of(code).name(), count.sum(), Long::sum));
        return counts;
    }
}
