package io.milena.groups;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a shard knows of a consumer group beside its records: until when members are believed to live, until when they have to give up partitions, and which topics were looked at last. */
final class ConsumerSessions {
    private final Map<String, Session> sessions = new TreeMap<>();
    private final Map<String, Long> revocationDeadlinesMs = new TreeMap<>();
    private @Nullable Topics seenTopics;

    Session of(String memberId) {
        return sessions.computeIfAbsent(memberId, any -> new Session());
    }

    void remove(String memberId) {
        sessions.remove(memberId);
        revocationDeadlinesMs.remove(memberId);
    }

    /** Null while the member has nothing to give up. */
    @Nullable
    Long revocationDeadlineMs(String memberId) {
        return revocationDeadlinesMs.get(memberId);
    }

    void setRevocationDeadlineMs(String memberId, long deadlineMs) {
        revocationDeadlinesMs.put(memberId, deadlineMs);
    }

    void clearRevocationDeadline(String memberId) {
        revocationDeadlinesMs.remove(memberId);
    }

    /** Whether the group's epoch is known to be right for these topics. */
    boolean hasSeen(Topics topics) {
        return topics.equals(seenTopics);
    }

    void see(@Nullable Topics topics) {
        seenTopics = topics;
    }
}
