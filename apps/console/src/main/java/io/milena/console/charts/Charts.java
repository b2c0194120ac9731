package io.milena.console.charts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rings of all that is measured: half an hour in steps of 10 s, and 6 hours in steps of a minute. */
public final class Charts {
    /** How often something is to be {@link #put}. */
    public static final long FINE_MS = 10_000;

    private static final long COARSE_MS = 60_000;
    private static final int FINE_PLACES = 180;
    private static final int COARSE_PLACES = 360;
    /** All together below 10 MiB. What comes after is not kept. */
    private static final int LINES_MAX = 4000;
    /** So that the partitions of a large cluster leave room for its groups. */
    private static final int LINES_OF_A_NAME_MAX = 1000;

    private final Map<Line, Rings> lines = new LinkedHashMap<>();
    private final Map<String, Integer> linesByName = new HashMap<>();

    /** What is measured, and of what. */
    public record Line(String name, Map<String, String> labels) {
        public Line {
            labels = Map.copyOf(labels);
        }
    }

    /** Averages at equal distances; where nothing was measured there is no point. */
    public record Drawn(Line line, long stepMs, List<Point> points) {}

    /** A value at the begin of its step. */
    public record Point(long timeMs, double value) {}

    private static final class Rings {
        private final Ring fine = new Ring(FINE_MS, FINE_PLACES);
        private final Ring coarse = new Ring(COARSE_MS, COARSE_PLACES);

        private void put(long timeMs, double value) {
            fine.put(timeMs, value);
            double sum = 0;
            int count = 0;
            long begin = timeMs - timeMs % COARSE_MS;
            for (long at = begin; at <= timeMs; at += FINE_MS) {
                double each = fine.at(at);
                if (!Double.isNaN(each)) {
                    sum += each;
                    count++;
                }
            }
            coarse.put(timeMs, sum / count);
        }
    }

    /** A line begins with its first value that is not zero: most topics and partitions of a large cluster rest. */
    public synchronized void put(long timeMs, Line line, double value) {
        Rings rings = lines.get(line);
        if (rings == null) {
            int ofName = linesByName.getOrDefault(line.name, 0);
            if (value == 0 || lines.size() >= LINES_MAX || ofName >= LINES_OF_A_NAME_MAX) {
                return;
            }
            rings = new Rings();
            lines.put(line, rings);
            linesByName.put(line.name, ofName + 1);
        }
        rings.put(timeMs, value);
    }

    /** Forgets the lines of which nothing has come for as long as they reach back. */
    public synchronized void forgetBefore(long nowMs) {
        lines.entrySet().removeIf(each -> {
            Rings rings = each.getValue();
            for (long at = nowMs - rings.coarse.spanMs(); at <= nowMs; at += COARSE_MS) {
                if (!Double.isNaN(rings.coarse.at(at))) {
                    return false;
                }
            }
            linesByName.merge(each.getKey().name, -1, Integer::sum);
            return true;
        });
    }

    /**
     * The lines of these names that have these labels and no others.
     *
     * @param points how many there may be in each line
     */
    public synchronized List<Drawn> draw(
            Set<String> names, Map<String, String> labels, long sinceMs, long nowMs, int points) {
        List<Drawn> drawn = new ArrayList<>();
        for (Map.Entry<Line, Rings> each : lines.entrySet()) {
            Line line = each.getKey();
            if (names.contains(line.name) && line.labels.equals(labels)) {
                drawn.add(draw(line, each.getValue(), sinceMs, nowMs, points));
            }
        }
        return drawn;
    }

    /** All lines of a name. */
    public synchronized List<Drawn> draw(String name, long sinceMs, long nowMs, int points) {
        List<Drawn> drawn = new ArrayList<>();
        for (Map.Entry<Line, Rings> each : lines.entrySet()) {
            if (each.getKey().name.equals(name)) {
                drawn.add(draw(each.getKey(), each.getValue(), sinceMs, nowMs, points));
            }
        }
        return drawn;
    }

    private static Drawn draw(Line line, Rings rings, long sinceMs, long nowMs, int points) {
        Ring ring = nowMs - sinceMs <= rings.fine.spanMs() ? rings.fine : rings.coarse;
        long from = Math.max(sinceMs, nowMs - ring.spanMs() + ring.stepMs());
        long perPoint = Math.max(1, Math.ceilDiv((nowMs - from) / ring.stepMs() + 1, points));
        long stepMs = perPoint * ring.stepMs();
        List<Point> drawn = new ArrayList<>();
        for (long begin = from - from % stepMs; begin <= nowMs; begin += stepMs) {
            double sum = 0;
            int count = 0;
            for (long at = begin; at < begin + stepMs; at += ring.stepMs()) {
                double value = ring.at(at);
                if (!Double.isNaN(value)) {
                    sum += value;
                    count++;
                }
            }
            if (count > 0) {
                drawn.add(new Point(begin, sum / count));
            }
        }
        return new Drawn(line, stepMs, drawn);
    }
}
