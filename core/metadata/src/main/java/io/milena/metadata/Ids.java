package io.milena.metadata;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** An immutable list of broker ids in an array of ints: an image holds two of them or more for each of maybe a million partitions. */
final class Ids extends AbstractList<Integer> implements RandomAccess {
    private final int[] values;

    private Ids(int[] values) {
        this.values = values;
    }

    /** The same list in little memory. */
    static List<Integer> of(List<Integer> ids) {
        if (ids instanceof Ids) {
            return ids;
        }
        int[] values = new int[ids.size()];
        for (int i = 0; i < values.length; i++) { // no stream: this runs in every start
            values[i] = ids.get(i);
        }
        return values.length == 0 ? List.of() : new Ids(values);
    }

    static List<Integer> of(int... ids) {
        return ids.length == 0 ? List.of() : new Ids(ids.clone());
    }

    /** What is in {@code ids} and not in {@code others}, in the order of {@code ids}. */
    static List<Integer> without(List<Integer> ids, Collection<Integer> others) {
        List<Integer> left = new ArrayList<>(ids.size());
        for (Integer id : ids) {
            if (!others.contains(id)) {
                left.add(id);
            }
        }
        return left.size() == ids.size() ? ids : of(left);
    }

    @Override
    public Integer get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean contains(@Nullable Object id) {
        if (id instanceof Integer wanted) {
            for (int value : values) {
                if (value == wanted) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ids ids ? Arrays.equals(values, ids.values) : super.equals(other);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
