package io.milena.compatibility;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A member of a group in a process of its own, {@link io.milena.compatibility.story.Clerk}; it ends with this JVM. */
final class GroupMember implements AutoCloseable {
    private final Process process;
    private final List<String> processed = new CopyOnWriteArrayList<>();
    private volatile Set<Integer> partitions = Set.of();

    GroupMember(String bootstrapServers, String topic, String group, int sessionMs) throws IOException {
        process = new ProcessBuilder(ExternalProgram.java(
                        "java.class.path",
                        "io.milena.compatibility.story.Clerk",
                        List.of(bootstrapServers, topic, group, Integer.toString(sessionMs))))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread.ofVirtual().start(() -> listen(process.inputReader()));
    }

    private void listen(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("did")) {
                    processed.add(words[1]);
                } else {
                    partitions =
                            Arrays.stream(words).skip(1).map(Integer::valueOf).collect(Collectors.toUnmodifiableSet());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it was given last. */
    Set<Integer> partitions() {
        return partitions;
    }

    /** The values that it has processed and committed, in that order. */
    List<String> processed() {
        return List.copyOf(processed);
    }

    /** {@code kill -9}. */
    void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
