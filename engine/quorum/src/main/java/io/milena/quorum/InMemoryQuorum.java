package io.milena.quorum;

import io.milena.runtime.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A quorum whose members are in one process: one log in memory, which lives as long as this object, whoever opens it and ends. It has what a quorum owes to its members (a majority commits, one leader in
 * an epoch, who is cut off neither leads nor hears), and none of its waiting: another leads at once where the leader is gone or has no majority any more. Safe for use by many threads.
 */
public final class InMemoryQuorum {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Integer> voters;
    private final Map<Integer, InMemoryMember> members = new TreeMap<>();
    private final Set<Link> cut = new HashSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable Entry snapshot;
    private Leadership leadership = new Leadership(0, Leadership.NOBODY);
    private long endOffset;
    private long bytesSinceSnapshot;

    /** An append, or the snapshot that stands for all before {@code endOffset}. */
    record Entry(long endOffset, int epoch, long timeMs, List<ByteBuffer> records) {
        long baseOffset() {
            return endOffset - records.size();
        }
    }

    /** Between two members, in both directions. */
    private record Link(int lower, int higher) {
        static Link between(int one, int other) {
            return new Link(Math.min(one, other), Math.max(one, other));
        }
    }

    /** Of voters that are not there yet. */
    public InMemoryQuorum(Set<Integer> voters) {
        this.voters = Set.copyOf(voters);
    }

    /** A member begins, or begins again; it hears of everything from the beginning. */
    public MetadataLog open(Peer self, Environment environment, MetadataLog.Listener listener) throws IOException {
        lock.lock();
        try {
            if (!voters.contains(self.id()) || members.containsKey(self.id())) {
                throw new IOException("node " + self.id() + " is no voter, or one that runs already");
            }
            InMemoryMember member = new InMemoryMember(this, self, environment, listener);
            members.put(self.id(), member);
            lookForLeader();
            return member;
        } finally {
            lock.unlock();
        }
    }

    /** The member's process is gone, if it was there: from now on it appends nothing and hears nothing. */
    public void kill(int member) {
        lock.lock();
        try {
            end(members.get(member));
        } finally {
            lock.unlock();
        }
    }

    /** Unless it has ended already, and another has begun in its place. */
    void end(@Nullable InMemoryMember member) {
        lock.lock();
        try {
            if (member != null && members.remove(member.self().id(), member)) {
                member.leadsNoMore();
                lookForLeader();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The two do not hear each other any more. */
    public void cut(int one, int other) {
        change(() -> cut.add(Link.between(one, other)));
    }

    /** The two hear each other again. */
    public void heal(int one, int other) {
        change(() -> cut.remove(Link.between(one, other)));
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            lookForLeader();
        } finally {
            lock.unlock();
        }
    }

    /** Who leads, as the majority knows. */
    public Leadership leadership() {
        lock.lock();
        try {
            return leadership;
        } finally {
            lock.unlock();
        }
    }

    private void lookForLeader() {
        if (!hasMajority(leadership.leaderId())) {
            int old = leadership.leaderId();
            int next = IntStream.concat(after(old), members.keySet().stream().mapToInt(id -> id))
                    .filter(this::hasMajority)
                    .findFirst()
                    .orElse(Leadership.NOBODY);
            leadership = next == Leadership.NOBODY
                    ? new Leadership(leadership.epoch(), next)
                    : new Leadership(leadership.epoch() + 1, next);
        }
        changed.signalAll();
    }

    private IntStream after(int id) {
        return members.keySet().stream().mapToInt(member -> member).filter(member -> member > id);
    }

    private boolean hasMajority(int id) {
        return members.containsKey(id)
                && 2
                                * members.keySet().stream()
                                        .filter(other -> areConnected(id, other))
                                        .count()
                        > voters.size();
    }

    private boolean areConnected(int one, int other) {
        return one == other || !cut.contains(Link.between(one, other));
    }

    // What follows is for members.

    private boolean hears(InMemoryMember member) {
        return leadership.leaderId() != Leadership.NOBODY
                && members.get(member.self().id()) == member
                && areConnected(leadership.leaderId(), member.self().id());
    }

    /** What a member hears next: it waits until there is something; null when it is gone. */
    @Nullable
    Heard next(InMemoryMember member) {
        lock.lock();
        try {
            while (true) {
                if (members.get(member.self().id()) != member) {
                    return null;
                }
                if (hears(member)) {
                    if (snapshot != null && member.endOffset() < snapshot.endOffset()) {
                        return new Heard(snapshot, true, null);
                    }
                    if (member.endOffset() < endOffset) {
                        return new Heard(entryFrom(member.endOffset()), false, null);
                    }
                    if (leadership.epoch() > member.leadership().epoch()) {
                        return new Heard(null, false, leadership);
                    }
                }
                if (member.leadership().isBy(member.self().id())
                        && !member.leadership().equals(leadership)) {
                    return new Heard(
                            null, false, new Leadership(member.leadership().epoch(), Leadership.NOBODY));
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** One of: a snapshot, an append, another leadership. */
    record Heard(
            @Nullable Entry entry,
            boolean isSnapshot,
            @Nullable Leadership leadership) {}

    private Entry entryFrom(long offset) {
        int low = 0;
        int high = entries.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).endOffset() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return entries.get(low);
    }

    /** A member has gone on to hear the next. */
    void heard() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long append(InMemoryMember member, List<ByteBuffer> records, int epoch) throws IOException {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
        lock.lock();
        try {
            int id = member.self().id();
            boolean leads = members.get(id) == member && leadership.isBy(id) && leadership.epoch() == epoch;
            if (!leads || !member.leadership().equals(leadership)) {
                throw new NotLeadingException(epoch, member.leadership());
            }
            endOffset += records.size();
            long end = endOffset;
            entries.add(new Entry(end, epoch, member.nowMs(), SoleNode.copies(records)));
            records.forEach(record -> bytesSinceSnapshot += record.remaining());
            changed.signalAll();
            while (member.endOffset() < end || member.isHearing()) {
                if (members.get(id) != member || member.failure() != null) {
                    throw new IOException("the member of the quorum has ended", member.failure());
                }
                changed.awaitUninterruptibly();
            }
            return end - 1;
        } finally {
            lock.unlock();
        }
    }

    long bytesSinceSnapshot() {
        lock.lock();
        try {
            return bytesSinceSnapshot;
        } finally {
            lock.unlock();
        }
    }

    /** The first one that says what it has heard so far says it for all. */
    void snapshot(long atOffset, List<ByteBuffer> records) throws IOException {
        lock.lock();
        try {
            if (atOffset == 0 || (snapshot != null && atOffset <= snapshot.endOffset())) {
                return;
            }
            Entry last = entries.stream()
                    .filter(entry -> entry.endOffset() == atOffset)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no append ended at offset " + atOffset));
            snapshot = new Entry(atOffset, last.epoch(), last.timeMs(), SoleNode.copies(records));
            entries.removeIf(entry -> entry.endOffset() <= atOffset);
            bytesSinceSnapshot = entries.stream()
                    .flatMap(entry -> entry.records().stream())
                    .mapToLong(ByteBuffer::remaining)
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    Quorum quorum(InMemoryMember asked) throws IOException {
        lock.lock();
        try {
            if (!leadership.isBy(asked.self().id()) || !asked.leadership().equals(leadership)) {
                throw new NotLeadingException(leadership.epoch(), asked.leadership());
            }
            return new Quorum(
                    leadership,
                    endOffset,
                    members.values().stream()
                            .map(member -> member.progress(hears(member)))
                            .toList(),
                    List.of());
        } finally {
            lock.unlock();
        }
    }
}
