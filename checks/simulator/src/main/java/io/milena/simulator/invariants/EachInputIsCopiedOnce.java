package io.milena.simulator.invariants;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Of pipelines that copy numbers from 0 on, and commit in the same transaction how many are done: every reader of committed data sees each number once and in order, and in the end as many as are committed, which are all.
 */
public final class EachInputIsCopiedOnce {
    private final Map<Integer, Integer> committed = new HashMap<>();
    private final List<Reader> readers = new ArrayList<>();

    /** Reads all that was written to one place, from its start on. */
    public static final class Reader {
        private final String place;
        private final Map<Integer, Integer> next = new HashMap<>();

        private Reader(String place) {
            this.place = place;
        }

        public void see(int pipeline, int number) {
            int expected = next.merge(pipeline, 1, Integer::sum) - 1;
            if (number != expected) {
                throw new Violation(
                        EachInputIsCopiedOnce.class,
                        "number " + number + " of pipeline " + pipeline + " is seen in " + place + ", where " + expected
                                + " belongs");
            }
        }
    }

    public Reader reader(String place) {
        Reader reader = new Reader(place);
        readers.add(reader);
        return reader;
    }

    /** So many numbers are done, as is committed. */
    public void committed(int pipeline, int count) {
        committed.merge(pipeline, count, Math::max); // an answer may be late
    }

    /** Every reader has read all there is, and nothing has been committed since somebody looked. */
    public void check(int pipeline, int count) {
        int said = committed.getOrDefault(pipeline, 0);
        if (said != count) {
            throw new Violation(
                    getClass(), count + " numbers were there for pipeline " + pipeline + ", and " + said + " are done");
        }
        for (Reader reader : readers) {
            int there = reader.next.getOrDefault(pipeline, 0);
            if (there != count) {
                throw new Violation(
                        getClass(),
                        there + " of " + count + " numbers of pipeline " + pipeline + " are in " + reader.place);
            }
        }
    }
}
