package io.milena.simulator.anomalies;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which transactions must come before which, as a graph of their numbers; its circles are found as Tarjan's strongly connected components. */
final class Dependencies {
    private final Map<Integer, TreeSet<Integer>> after = new TreeMap<>();

    /** {@code later} has seen, or follows, {@code earlier}. */
    void add(int earlier, int later) {
        if (earlier != later) {
            after.computeIfAbsent(earlier, number -> new TreeSet<>()).add(later);
        }
    }

    void addAll(Dependencies others) {
        others.after.forEach((earlier, all) -> all.forEach(later -> add(earlier, later)));
    }

    /** Sets of transactions each of which must come before all others of its set. */
    List<TreeSet<Integer>> circles() {
        Search search = new Search();
        after.keySet().forEach(search::run);
        return search.circles;
    }

    /** Goes as deep as the longest chain, which the stack of a thread need not hold: on a way of its own. */
    private final class Search {
        final List<TreeSet<Integer>> circles = new ArrayList<>();
        private final Map<Integer, Visit> visits = new TreeMap<>();
        private final Deque<Visit> way = new ArrayDeque<>();
        private final Deque<Visit> open = new ArrayDeque<>();

        void run(int root) {
            if (!visits.containsKey(root)) {
                enter(root);
            }
            while (!way.isEmpty()) {
                Visit visit = way.element();
                if (visit.next.hasNext()) {
                    follow(visit, visit.next.next());
                } else {
                    way.pop();
                    leave(visit);
                }
            }
        }

        private void enter(int transaction) {
            Visit visit = new Visit(
                    transaction,
                    visits.size(),
                    after.getOrDefault(transaction, new TreeSet<>()).iterator());
            visits.put(transaction, visit);
            open.push(visit);
            way.push(visit);
        }

        private void follow(Visit from, int to) {
            Visit known = visits.get(to);
            if (known == null) {
                enter(to);
            } else if (known.isOpen) {
                from.lowest = Math.min(from.lowest, known.lowest);
            }
        }

        private void leave(Visit visit) {
            if (visit.lowest == visit.number) {
                close(visit);
            } else {
                Visit before = way.element(); // whoever does not close has come from somewhere
                before.lowest = Math.min(before.lowest, visit.lowest);
            }
        }

        private void close(Visit root) {
            TreeSet<Integer> component = new TreeSet<>();
            Visit each;
            do {
                each = open.pop();
                each.isOpen = false;
                component.add(each.transaction);
            } while (each != root);
            if (component.size() > 1) {
                circles.add(component);
            }
        }
    }

    private static final class Visit {
        final int transaction;
        /** Transactions are numbered in the order in which they are found. */
        final int number;

        /** Those after it that have not been followed yet. */
        final Iterator<Integer> next;
        /** The first one that can be reached from here and is open. */
        int lowest;

        boolean isOpen = true;

        Visit(int transaction, int number, Iterator<Integer> next) {
            this.transaction = transaction;
            this.number = number;
            this.next = next;
            this.lowest = number;
        }
    }
}
