package io.milena.metadata.balance;

import java.util.Set;

/**
 * What a plan is to reach.
 *
 * @param leaving brokers that shall have nothing any more
 * @param tolerance how far above the average a broker may be, as a part of it: 0.1 is ten percent
 * @param movesMax how many replicas may move for balance's sake; what is on leaving brokers moves in any case
 */
public record BalanceGoals(Set<Integer> leaving, double tolerance, int movesMax) {
    public static final BalanceGoals DEFAULT = new BalanceGoals(Set.of(), 0.1, Integer.MAX_VALUE);

    public BalanceGoals {
        leaving = Set.copyOf(leaving);
    }

    public BalanceGoals withLeaving(Integer... brokers) {
        return new BalanceGoals(Set.of(brokers), tolerance, movesMax);
    }
}
