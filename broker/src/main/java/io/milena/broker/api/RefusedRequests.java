package io.milena.broker.api;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which requests were refused since the start, for people who ask later why: by client, API, error and what was refused, the latest last, and no more than so many. What clients are told while all is well, so that they ask
 * again or elsewhere, is not among it. Safe for use by many threads; a request that succeeds never comes here.
 */
public final class RefusedRequests {
    private static final int MAX = 200;
    private static final int LENGTH_MAX = 300;

    /** How the protocol finds leaders and coordinators, gives out ids and begins sessions. */
    private static final Set<ErrorCode> COURSE_OF_THINGS = Set.of(
            ErrorCode.NOT_LEADER_OR_FOLLOWER,
            ErrorCode.LEADER_NOT_AVAILABLE,
            ErrorCode.FENCED_LEADER_EPOCH,
            ErrorCode.UNKNOWN_LEADER_EPOCH,
            ErrorCode.NOT_COORDINATOR,
            ErrorCode.COORDINATOR_NOT_AVAILABLE,
            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
            ErrorCode.NOT_CONTROLLER,
            ErrorCode.MEMBER_ID_REQUIRED,
            ErrorCode.REBALANCE_IN_PROGRESS,
            ErrorCode.CONCURRENT_TRANSACTIONS,
            ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
            ErrorCode.INVALID_FETCH_SESSION_EPOCH,
            ErrorCode.OFFSET_MOVED_TO_TIERED_STORAGE);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, Times> kinds = new LinkedHashMap<>(16, 0.75f, true);

    /** Requests that are refused alike. What clients say of themselves is cut, and made one line. */
    record Kind(String clientId, String clientHost, ApiKey api, ErrorCode error, RefusedPart part) {
        Kind {
            clientId = cut(clientId);
        }
    }

    private record Times(long count, long firstMs, long lastMs) {}

    /** What is remembered of requests that were refused alike. */
    record Remembered(Kind kind, long count, long firstMs, long lastMs) {}

    static String cut(String text) {
        return text.substring(0, Math.min(text.length(), LENGTH_MAX)).replaceAll("\\p{Cntrl}", " ");
    }

    /** Whether an error in an answer means that what was asked for was refused. */
    static boolean isRefusal(int code) {
        return code != ErrorCode.NONE.code() && !COURSE_OF_THINGS.contains(ErrorCode.of(code));
    }

    void add(Kind kind, long nowMs) {
        lock.lock();
        try {
            Times before = kinds.get(kind);
            kinds.put(
                    kind,
                    before == null
                            ? new Times(1, nowMs, nowMs)
                            : new Times(before.count + 1, before.firstMs, Math.max(before.lastMs, nowMs)));
            if (kinds.size() > MAX) {
                kinds.remove(kinds.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The latest last. */
    List<Remembered> all() {
        lock.lock();
        try {
            List<Remembered> all = new ArrayList<>();
            kinds.forEach((kind, times) -> all.add(new Remembered(kind, times.count, times.firstMs, times.lastMs)));
            return all;
        } finally {
            lock.unlock();
        }
    }
}
