package io.milena.simulator;

import io.milena.records.Record;
import io.milena.simulator.invariants.AbortedIsNeverSeen;
import io.milena.simulator.invariants.CommittedOffsetsNeverGoBack;
import io.milena.simulator.invariants.EachInputIsCopiedOnce;
import io.milena.simulator.invariants.TransactionsAreWhole;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What became of transactions in which pipelines have copied numbers, and what readers of committed data have seen of them: all of it goes to the invariants. */
public final class Ledger {
    private final AbortedIsNeverSeen aborted = new AbortedIsNeverSeen();
    private final TransactionsAreWhole whole = new TransactionsAreWhole();
    private final EachInputIsCopiedOnce once = new EachInputIsCopiedOnce();
    private final CommittedOffsetsNeverGoBack offsets = new CommittedOffsetsNeverGoBack();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Integer> confirmed = new ArrayList<>();

    private record Attempt(int pipeline, int from, int until) {}

    /** One number as one attempt has copied it. */
    public record Entry(int attempt, int number) {
        static Entry of(Record record) {
            ByteBuffer key = record.key();
            if (key == null) {
                throw new History.Violation("the record at offset " + record.offset() + " was never sent");
            }
            return new Entry(key.getInt(key.position()), key.getInt(key.position() + Integer.BYTES));
        }

        /** How it is written. */
        ByteBuffer key() {
            return ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(attempt)
                    .putInt(number)
                    .flip();
        }
    }

    public Ledger(int pipelines) {
        for (int pipeline = 0; pipeline < pipelines; pipeline++) {
            confirmed.add(0);
        }
    }

    /** A new attempt, by its number. */
    int begin(int pipeline, int from, int until) {
        attempts.add(new Attempt(pipeline, from, until));
        return attempts.size() - 1;
    }

    /** All that an attempt copies is in a partition, from an offset on. */
    void wrote(int attempt, int partition, long offset) {
        Attempt written = attempts.get(attempt);
        for (int i = 0; i < written.until - written.from; i++) {
            whole.wrote(attempt, partition, offset + i);
        }
    }

    void askToCommit(int attempt) {
        Attempt asked = attempts.get(attempt);
        aborted.askedToCommit(attempt);
        offsets.asked("pipeline", Integer.toString(asked.pipeline), asked.until);
    }

    void confirm(int attempt) {
        Attempt done = attempts.get(attempt);
        whole.confirmed(attempt);
        offsets.confirmed("pipeline", Integer.toString(done.pipeline), done.until);
        confirmed.set(done.pipeline, confirmed.get(done.pipeline) + 1);
    }

    /** The least that the coordinator may say of a pipeline when it is asked now. */
    long least(int pipeline) {
        return offsets.least("pipeline", Integer.toString(pipeline));
    }

    /** The coordinator says how far a pipeline has come, to somebody who asked when it was the {@link #least}. */
    int committed(int pipeline, int until, long least) {
        offsets.found("pipeline", Integer.toString(pipeline), until == 0 ? -1 : until, least);
        once.committed(pipeline, until);
        return until;
    }

    /** How many commits were confirmed to a pipeline. */
    public int confirmed(int pipeline) {
        return confirmed.get(pipeline);
    }

    /** A new reader of a partition, from its start on. */
    public CommittedReader.Sink reader(int partition) {
        EachInputIsCopiedOnce.Reader reader = once.reader("partition " + partition);
        return (from, records) -> {
            List<TransactionsAreWhole.Seen> seen = new ArrayList<>();
            for (Record record : records.records()) {
                Entry entry = Entry.of(record);
                aborted.seen(entry.attempt);
                reader.see(attempts.get(entry.attempt).pipeline, entry.number);
                seen.add(new TransactionsAreWhole.Seen(record.offset(), entry.attempt));
            }
            whole.read(partition, from, records.next(), seen);
        };
    }

    /** Readers have read everything, since the last commit: all numbers of a pipeline are there. */
    public void check(Pipeline pipeline) {
        once.check(pipeline.number(), pipeline.input().count());
    }
}
