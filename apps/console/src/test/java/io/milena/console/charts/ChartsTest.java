package io.milena.console.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.console.charts.Charts.Line;
import io.milena.console.charts.Charts.Point;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChartsTest {
    private static final long START = 1_700_000_040_000L; // the begin of a minute
    private static final Line LAG = new Line("lag", Map.of("group", "g"));
    private static final long HOUR_MS = 3_600_000;

    private final Charts charts = new Charts();

    private List<Point> points(long since, long now, int points) {
        return charts.draw(Set.of("lag"), Map.of("group", "g"), since, now, points)
                .getFirst()
                .points();
    }

    @Test
    void whatWasPutIsDrawnAtItsTime() {
        charts.put(START, LAG, 5);
        charts.put(START + 10_000, LAG, 7);
        charts.put(START + 30_000, LAG, 0);
        assertEquals(
                List.of(new Point(START, 5), new Point(START + 10_000, 7), new Point(START + 30_000, 0)),
                points(START, START + 30_000, 100));
        assertEquals(List.of(new Point(START, 6), new Point(START + 20_000, 0)), points(START, START + 30_000, 2));
    }

    @Test
    void linesHaveExactlyTheLabelsThatAreAskedFor() {
        charts.put(START, LAG, 5);
        charts.put(START, new Line("lag", Map.of("group", "g", "topic", "t")), 5);
        assertEquals(
                1,
                charts.draw(Set.of("lag"), Map.of("group", "g"), START, START, 9)
                        .size());
        assertEquals(0, charts.draw(Set.of("lag"), Map.of(), START, START, 9).size());
        assertEquals(
                0,
                charts.draw(Set.of("bytes"), Map.of("group", "g"), START, START, 9)
                        .size());
        assertEquals(2, charts.draw("lag", START, START, 9).size());
    }

    @Test
    void hoursAreThereByTheMinute() {
        for (long at = START; at < START + 7 * HOUR_MS; at += Charts.FINE_MS) {
            charts.put(at, LAG, at < START + 6 * HOUR_MS ? 1 : 3);
        }
        long end = START + 7 * HOUR_MS - Charts.FINE_MS;
        List<Point> points = points(START, end, 1000);
        assertEquals(360, points.size());
        assertEquals(START + HOUR_MS, points.getFirst().timeMs());
        assertEquals(1, points.getFirst().value());
        assertEquals(3, points.getLast().value());
        assertTrue(points(START, end, 50).size() <= 51);
        assertEquals(180, points(end - 1_790_000, end, 1000).size());
    }

    @Test
    void whatIsNotMeasuredAnyMoreIsForgotten() {
        charts.put(START, LAG, 1);
        charts.forgetBefore(START + 5 * HOUR_MS);
        assertEquals(1, charts.draw("lag", START, START, 9).size());
        charts.forgetBefore(START + 7 * HOUR_MS);
        assertEquals(0, charts.draw("lag", START, START, 9).size());
    }

    @Test
    void memoryHasABound() {
        for (int i = 0; i < 5000; i++) {
            charts.put(START, new Line("lag", Map.of("group", "g" + i)), 1);
            charts.put(START, new Line("lag", Map.of("group", "idle" + i)), 0);
        }
        assertEquals(1000, charts.draw("lag", START, START, 9).size());
        charts.put(START, new Line("bytes-in", Map.of()), 1); // one name leaves room for the others
        assertEquals(1, charts.draw("bytes-in", START, START, 9).size());
        long later = START + 7 * HOUR_MS;
        charts.forgetBefore(later);
        charts.put(later, LAG, 1);
        assertEquals(1, charts.draw("lag", later, later, 9).size());
    }

    @Test
    void aRingSurvivesGapsAndClocksThatGoBack() {
        Ring ring = new Ring(10, 4);
        assertTrue(Double.isNaN(ring.at(100)));
        ring.put(100, 1);
        ring.put(120, 3);
        assertTrue(Double.isNaN(ring.at(110)));
        ring.put(110, 2);
        assertEquals(List.of(1.0, 2.0, 3.0), List.of(ring.at(100), ring.at(115), ring.at(120)));
        ring.put(140, 5);
        assertTrue(Double.isNaN(ring.at(100)), "its place is taken");
        assertTrue(Double.isNaN(ring.at(130)));
        ring.put(90, 9);
        assertTrue(Double.isNaN(ring.at(90)), "too old");
        ring.put(1000, 7);
        assertEquals(7, ring.at(1000));
        assertTrue(Double.isNaN(ring.at(970)));
    }
}
