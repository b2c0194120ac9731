package io.milena.cli.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static Sample sample(long atMs, Map<String, Sample.Topic> topics, Map<String, Sample.Group> groups) {
        return new Sample(atMs, 1, topics, groups);
    }

    @Test
    void theBusiestTopicComesFirstAndWhatWasCutIsNoTraffic() {
        Rates rates = Rates.between(
                sample(
                        1000,
                        Map.of(
                                "cut",
                                new Sample.Topic(1, 10, 900),
                                "calm",
                                new Sample.Topic(2, 10, 100),
                                "busy",
                                new Sample.Topic(3, 0, 0)),
                        Map.of()),
                sample(
                        3000,
                        Map.of(
                                "cut",
                                new Sample.Topic(1, 10, 0),
                                "calm",
                                new Sample.Topic(2, 12, 120),
                                "busy",
                                new Sample.Topic(3, 400, 8000),
                                "new",
                                new Sample.Topic(1, 5, 50)),
                        Map.of()));
        assertEquals(
                List.of(
                        new Rates.Topic("busy", 3, 200, 4000),
                        new Rates.Topic("calm", 2, 1, 10),
                        new Rates.Topic("cut", 1, 0, 0),
                        new Rates.Topic("new", 1, 0, 0)),
                rates.topics());
        assertEquals(4010, rates.bytesPerSecond());
    }

    @Test
    void aGroupThatGainsCatchesUpAndOneThatLosesNever() {
        Rates rates = Rates.between(
                sample(0, Map.of(), Map.of("slow", group(100, 0), "fast", group(50, 0), "done", group(0, 9))),
                sample(2000, Map.of(), Map.of("slow", group(120, 10), "fast", group(40, 30), "done", group(0, 9))));
        assertEquals(
                List.of("slow", "fast", "done"),
                rates.groups().stream().map(Rates.Group::name).toList());
        assertEquals(
                List.of(-1L, 8L, 0L),
                rates.groups().stream().map(Rates.Group::catchesUpInSeconds).toList());
        assertEquals(15, rates.groups().get(1).recordsPerSecond());
    }

    private static Sample.Group group(long lag, long committed) {
        return new Sample.Group(1, lag, committed, Map.of());
    }
}
