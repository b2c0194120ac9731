package io.milena.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Kafka Streams application in a process of its own, {@link io.milena.compatibility.streams.Application}; it ends with this JVM. */
final class StreamsApplication implements AutoCloseable {
    private final List<String> arguments;
    private final Path log;
    private Process process;

    /** @param topics the output, and the inputs */
    StreamsApplication(String kind, String bootstrap, Path folder, List<String> topics) throws IOException {
        this.arguments =
                new ArrayList<>(List.of(kind, bootstrap, BrokerUnderTest.freshName("streams"), folder.toString()));
        arguments.addAll(topics);
        this.log = Files.createTempFile("streams", ".log");
        this.process = start();
    }

    private Process start() throws IOException {
        return new ProcessBuilder(ExternalProgram.java(
                        "java.class.path", "io.milena.compatibility.streams.Application", arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** {@code kill -9}, and a new process. */
    void restart() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = start();
    }

    /** Fails if it has ended by itself. */
    void checkAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("the application ended by itself\n" + log());
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
