package io.milena.broker.partitions;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The incremental fetch sessions of this broker (KIP-227), bounded in number: when the cache is full, the one that was used longest ago gives way, and its
 * client is told to start over. Safe for use by many threads.
 */
public final class FetchSessions {
    private static final short FIRST_VERSION_WITH_SESSIONS = 7;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final int EPOCH_INITIAL = 0;
    private static final int EPOCH_FINAL = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final RandomGenerator random;
    private final int sessionsMax;

    /** By id, the one used longest ago first. */
    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /** @param sessionsMax {@code max.incremental.fetch.session.cache.slots} */
    public FetchSessions(int sessionsMax, RandomGenerator random) {
        this.sessionsMax = sessionsMax;
        this.random = random;
    }

    /** Either the session to serve the request with, or the reason why there is none. */
    sealed interface Opened permits FetchSession, Refused {}

    record Refused(ErrorCode error) implements Opened {}

    Opened open(FetchRequest request, short version) {
        boolean usesTopicIds = version >= FIRST_VERSION_WITH_TOPIC_IDS;
        if (version < FIRST_VERSION_WITH_SESSIONS || request.sessionEpoch() == EPOCH_FINAL) {
            close(request.sessionId());
            return FetchSession.withoutId(request, usesTopicIds);
        }
        if (request.sessionEpoch() == EPOCH_INITIAL) {
            close(request.sessionId());
            return create(request, usesTopicIds);
        }
        FetchSession session = session(request.sessionId());
        if (session == null) {
            return new Refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        ErrorCode error = session.update(request, usesTopicIds);
        if (error != ErrorCode.NONE) {
            return new Refused(error);
        }
        if (session.wanted().isEmpty()) {
            close(request.sessionId());
            return FetchSession.withoutId(request, usesTopicIds);
        }
        return session;
    }

    private FetchSession create(FetchRequest request, boolean usesTopicIds) {
        lock.lock();
        try {
            if (sessionsMax == 0 || request.topics().isEmpty()) {
                return FetchSession.withoutId(request, usesTopicIds);
            }
            if (sessions.size() >= sessionsMax) {
                sessions.remove(sessions.keySet().iterator().next());
            }
            int id = random.nextInt(1, Integer.MAX_VALUE);
            while (sessions.containsKey(id)) {
                id = random.nextInt(1, Integer.MAX_VALUE);
            }
            FetchSession session = FetchSession.withId(id, request, usesTopicIds);
            sessions.put(id, session);
            return session;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable FetchSession session(int id) {
        lock.lock();
        try {
            return sessions.get(id);
        } finally {
            lock.unlock();
        }
    }

    private void close(int id) {
        lock.lock();
        try {
            sessions.remove(id);
        } finally {
            lock.unlock();
        }
    }
}
