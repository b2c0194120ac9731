package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeySetTest {
    @Test
    void holdsWhatASetHoldsAfterAnyChanges() {
        Seeds.each(KeySetTest.class, 30, seed -> {
            Random random = new Random(seed);
            int range = 1 + random.nextInt(5_000);
            KeySet keys = KeySet.EMPTY;
            TreeSet<Long> model = new TreeSet<>();
            for (int step = 0; step < 60; step++) {
                KeySet before = keys;
                long[] was = all(before);
                long[] added = some(random, range, step % 7 == 0 ? 900 : 5);
                long[] removed = some(random, range, step % 11 == 0 ? 900 : 5);
                keys = keys.with(added, new long[0]).with(new long[0], removed);
                for (long key : added) {
                    model.add(key);
                }
                for (long key : removed) {
                    model.remove(key);
                }
                assertArrayEquals(model.stream().mapToLong(Long::longValue).toArray(), all(keys));
                assertEquals(model.size(), keys.size());
                assertArrayEquals(was, all(before));
            }
        });
    }

    @Test
    void oneChangeMayAddAndRemove() {
        KeySet keys = KeySet.EMPTY.with(new long[] {1, 5, 9}, new long[0]);
        assertArrayEquals(new long[] {1, 2, 9}, all(keys.with(new long[] {2}, new long[] {5, 7})));
        assertEquals(KeySet.EMPTY, keys.with(new long[0], new long[] {1, 5, 9}));
    }

    private static long[] some(Random random, int range, int count) {
        return random.longs(count, 0, range).sorted().distinct().toArray();
    }

    private static long[] all(KeySet keys) {
        List<Long> found = new ArrayList<>();
        keys.forEach(found::add);
        return found.stream().mapToLong(Long::longValue).toArray();
    }
}
