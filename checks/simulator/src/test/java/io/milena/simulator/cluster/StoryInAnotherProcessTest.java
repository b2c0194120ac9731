package io.milena.simulator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing in a story depends on what a JVM chooses for itself, as the order of its sets and the hash codes of its objects. */
class StoryInAnotherProcessTest {
    private static final int SEEDS = 2;

    /** What the other process runs. */
    static final class Teller {
        private Teller() {}

        public static void main(String[] arguments) {
            tell().forEach(System.out::println);
        }
    }

    private static List<String> tell() {
        ClusterStoryTest.warmUp();
        List<String> traces = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            ClusterStory story = new ClusterStory(seed, Map.of());
            story.run();
            traces.add("seed " + seed + ": " + story.trace() + ", " + story.summary());
        }
        return traces;
    }

    @Test
    void aSeedIsTheSameStoryThere() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Teller.class.getName()));
        Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            List<String> here = tell();
            List<String> there = other.inputReader()
                    .lines()
                    .filter(line -> line.startsWith("seed "))
                    .toList();
            assertEquals(0, other.waitFor());
            assertEquals(here, there);
        } finally {
            other.destroyForcibly();
        }
    }
}
