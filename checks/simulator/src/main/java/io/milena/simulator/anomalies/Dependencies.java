package io.milena.simulator.anomalies;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
        after.keySet().forEach(search::visit);
        return search.circles;
    }

    private final class Search {
        final List<TreeSet<Integer>> circles = new ArrayList<>();
        private final Map<Integer, Visit> visits = new TreeMap<>();
        private final Deque<Integer> open = new ArrayDeque<>();

        /** Goes as deep as the longest chain; histories are short. */
        Visit visit(int from) {
            Visit known = visits.get(from);
            if (known != null) {
                return known;
            }
            Visit visit = new Visit(visits.size());
            visits.put(from, visit);
            open.push(from);
            for (int to : after.getOrDefault(from, new TreeSet<>())) {
                Visit next = visit(to);
                if (next.isOpen) {
                    visit.lowest = Math.min(visit.lowest, next.lowest);
                }
            }
            if (visit.lowest == visit.number) {
                close(from);
            }
            return visit;
        }

        private void close(int root) {
            TreeSet<Integer> component = new TreeSet<>();
            int each;
            do {
                each = open.pop();
                visit(each).isOpen = false;
                component.add(each);
            } while (each != root);
            if (component.size() > 1) {
                circles.add(component);
            }
        }
    }

    private static final class Visit {
        final int number;
        /** The first one that can be reached from here and is open. */
        int lowest;

        boolean isOpen = true;

        Visit(int number) {
            this.number = number;
            this.lowest = number;
        }
    }
}
