package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedTreeTest {
    @Test
    void holdsWhatAMapHoldsAfterAnyChanges() {
        Seeds.each(SortedTreeTest.class, 100, seed -> {
            Random random = new Random(seed);
            SortedTree<Integer, Integer> tree = SortedTree.empty();
            TreeMap<Integer, Integer> map = new TreeMap<>();
            for (int step = 0; step < 400; step++) {
                int key = random.nextInt(100);
                if (random.nextInt(3) > 0) {
                    tree = tree.with(key, step);
                    map.put(key, step);
                } else {
                    tree = tree.without(key);
                    map.remove(key);
                }
                assertEquals(List.copyOf(map.entrySet()), List.copyOf(tree.entrySet()));
                assertEquals(map.get(key), tree.find(key));
                assertEquals(map.size(), tree.size());
                int from = random.nextInt(-1, 101);
                List<Map.Entry<Integer, Integer>> tail = new ArrayList<>();
                tree.from(from).forEachRemaining(tail::add);
                assertEquals(List.copyOf(map.tailMap(from).entrySet()), tail);
            }
        });
    }

    @Test
    void oldVersionsStayAsTheyWere() {
        SortedTree<Integer, String> before =
                SortedTree.<Integer, String>empty().with(1, "a").with(2, "b");
        SortedTree<Integer, String> after = before.with(1, "x").without(2).with(3, "c");
        assertEquals(Map.of(1, "a", 2, "b"), before);
        assertEquals(Map.of(1, "x", 3, "c"), after);
    }

    @Test
    void staysShallowWhenKeysComeInOrder() {
        SortedTree<Integer, Integer> tree = SortedTree.empty();
        for (int key = 0; key < 1 << 16; key++) {
            tree = tree.with(key, key);
        }
        // A list would overflow the stack long before; an AVL tree of 2^16 keys is at most 1.44 * 16 deep.
        assertTrue(tree.height() <= 24, () -> "height");
        assertEquals(1 << 16, tree.size());
    }
}
