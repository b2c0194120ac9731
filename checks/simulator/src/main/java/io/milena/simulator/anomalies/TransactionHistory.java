package io.milena.simulator.anomalies;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What clients did and were told, in the order in which it happened. */
public final class TransactionHistory {
    final List<Transaction> transactions = new ArrayList<>();
    final List<Reader> readers = new ArrayList<>();
    /** By value. */
    final Map<Long, Append> appends = new HashMap<>();

    private long nextValue;
    private int moments;
    private boolean isComplete;

    /** How a transaction ended, as far as its client knows. */
    enum Fate {
        /** Nobody has asked for it to be committed. */
        OPEN,
        /** It was asked, and no answer came. */
        UNKNOWN,
        COMMITTED
    }

    /** One value; {@code offset} is -1 until it is known. */
    static final class Append {
        final Transaction transaction;
        final int key;
        final long value;
        long offset = -1;

        Append(Transaction transaction, int key, long value) {
            this.transaction = transaction;
            this.key = key;
            this.value = value;
        }

        @Override
        public String toString() {
            return "value " + value + " of key " + key + " by " + transaction;
        }
    }

    /** A value at the offset at which it was seen. */
    public record Seen(long offset, long value) {}

    /** What one poll has answered; {@code by} is null for a reader that is not part of a transaction. */
    record Poll(@Nullable Transaction by, int key, List<Seen> seen, int moment) {}

    /** What one client does in one transaction. */
    public final class Transaction {
        final int number = transactions.size();
        final List<Append> appends = new ArrayList<>();
        Fate fate = Fate.OPEN;
        /** When its commit was asked for. */
        int askedAt = Integer.MAX_VALUE;

        private Transaction() {
            transactions.add(this);
        }

        /** A new value, about to be sent. */
        public long append(int key) {
            Append append = new Append(this, key, nextValue++);
            appends.add(append);
            TransactionHistory.this.appends.put(append.value, append);
            return append.value;
        }

        /** The broker has told the offset of a value. */
        public void appended(long value, long offset) {
            known(value).offset = offset;
        }

        /** The commit is about to be sent. */
        public void askToCommit() {
            fate = Fate.UNKNOWN;
            askedAt = moments++;
        }

        public void confirm() {
            fate = Fate.COMMITTED;
        }

        @Override
        public String toString() {
            return "transaction " + number;
        }
    }

    /** Polls one key from an offset on, without going back. */
    public final class Reader {
        final int key;
        final long from;
        final List<Poll> polls = new ArrayList<>();

        private Reader(int key, long from) {
            this.key = key;
            this.from = from;
            readers.add(this);
        }

        /** Takes down what a poll has answered, outside of a transaction. */
        public void poll(List<Seen> seen) {
            poll(null, seen);
        }

        /** Takes down what a poll has answered to whoever is in {@code transaction}. */
        public void poll(@Nullable Transaction transaction, List<Seen> seen) {
            if (!seen.isEmpty()) {
                polls.add(new Poll(transaction, key, List.copyOf(seen), moments++));
            }
        }
    }

    public Transaction begin() {
        return new Transaction();
    }

    /** A new reader of a key. */
    public Reader read(int key, long from) {
        return new Reader(key, from);
    }

    /** Every key has been read from its start to its end since the last transaction: what nobody has seen is not there. */
    public void complete() {
        isComplete = true;
    }

    /** An append of this history. */
    Append known(long value) {
        return Objects.requireNonNull(appends.get(value));
    }

    boolean isComplete() {
        return isComplete;
    }

    /** How many commits were confirmed. */
    public int commits() {
        return (int) transactions.stream()
                .filter(each -> each.fate == Fate.COMMITTED)
                .count();
    }
}
