package io.milena.metadata;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map: a change makes a new one that shares all but the path to the change. So an image of 100,000 partitions becomes the next one in
 * microseconds, and the old one stays as it was for those who still read it. A balanced binary (AVL) tree.
 */
final class SortedTree<K extends Comparable<K>, V> extends AbstractMap<K, V> {
    private final @Nullable Node<K, V> root;

    private SortedTree(@Nullable Node<K, V> root) {
        this.root = root;
    }

    static <K extends Comparable<K>, V> SortedTree<K, V> empty() {
        return new SortedTree<>(null);
    }

    private record Node<K extends Comparable<K>, V>(
            K key,
            V value,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right,
            int height,
            int size) {}

    @Nullable
    V find(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    SortedTree<K, V> with(K key, V value) {
        return new SortedTree<>(put(root, key, value));
    }

    SortedTree<K, V> without(K key) {
        return find(key) == null ? this : new SortedTree<>(remove(root, key));
    }

    /** The entries whose keys are {@code key} or behind it. */
    Iterator<Map.Entry<K, V>> from(K key) {
        return new InOrder<>(root, key);
    }

    /** The length of the longest path. */
    int height() {
        return heightOf(root);
    }

    @Override
    public int size() {
        return sizeOf(root);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new InOrder<>(root, null);
            }

            @Override
            public int size() {
                return SortedTree.this.size();
            }
        };
    }

    private static <K extends Comparable<K>, V> Node<K, V> put(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return node(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return node(key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node.key, node.value, put(node.left, key, value), node.right)
                : balanced(node.key, node.value, node.left, put(node.right, key, value));
    }

    private static <K extends Comparable<K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(node.key, node.value, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node.key, node.value, node.left, remove(node.right, key));
        }
        if (node.left == null || node.right == null) {
            return node.left == null ? node.right : node.left;
        }
        Node<K, V> next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next.key, next.value, node.left, remove(node.right, next.key));
    }

    /** A node whose children differ in height by two at most, rotated so that they differ by one. */
    private static <K extends Comparable<K>, V> Node<K, V> balanced(
            K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        int lean = heightOf(left) - heightOf(right);
        if (lean > 1 && left != null) {
            Node<K, V> inner = left.right;
            if (inner == null || heightOf(left.left) >= heightOf(inner)) {
                return node(left.key, left.value, left.left, node(key, value, inner, right));
            }
            return node(
                    inner.key,
                    inner.value,
                    node(left.key, left.value, left.left, inner.left),
                    node(key, value, inner.right, right));
        }
        if (lean < -1 && right != null) {
            Node<K, V> inner = right.left;
            if (inner == null || heightOf(right.right) >= heightOf(inner)) {
                return node(right.key, right.value, node(key, value, left, inner), right.right);
            }
            return node(
                    inner.key,
                    inner.value,
                    node(key, value, left, inner.left),
                    node(right.key, right.value, inner.right, right.right));
        }
        return node(key, value, left, right);
    }

    private static <K extends Comparable<K>, V> Node<K, V> node(
            K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        int height = 1 + Math.max(heightOf(left), heightOf(right));
        return new Node<>(key, value, left, right, height, 1 + sizeOf(left) + sizeOf(right));
    }

    private static int heightOf(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    private static int sizeOf(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    /** Walks in the order of keys; on the stack are the nodes whose left side has been visited. */
    private static final class InOrder<K extends Comparable<K>, V> implements Iterator<Map.Entry<K, V>> {
        private final Deque<Node<K, V>> stack = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root, @Nullable K from) {
            Node<K, V> node = root;
            while (node != null) {
                if (from != null && from.compareTo(node.key) > 0) {
                    node = node.right;
                } else {
                    stack.push(node);
                    node = node.left;
                }
            }
        }

        @Override
        public boolean hasNext() {
            return !stack.isEmpty();
        }

        @Override
        public Map.Entry<K, V> next() {
            if (stack.isEmpty()) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = stack.pop();
            for (Node<K, V> below = node.right; below != null; below = below.left) {
                stack.push(below);
            }
            return Map.entry(node.key, node.value);
        }
    }
}
