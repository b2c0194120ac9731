package io.milena.compatibility;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A broker as its users start it: the built {@code milena} in a process of its own. */
final class Distribution implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Milena is ready on (\\S+:(\\d+)) after \\d+ ms");

    private final Process process;
    private final Path log;
    private final String address;
    private final int port;

    private Distribution(Process process, Path log, String address, int port) {
        this.process = process;
        this.log = log;
        this.address = address;
        this.port = port;
    }

    /** The command line of a {@code milena} command; a broker has no console, whose port another may have. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("milena.distribution"), "bin", "milena")
                .toString());
        command.addAll(List.of(arguments));
        if (arguments[0].equals("start")) {
            command.addAll(List.of("--set", "milena.console.listener="));
        }
        return command;
    }

    /** Starts a broker on {@code data} and waits for its ready line; port 0 chooses a free one. */
    static Distribution start(Path data, int port, String... more) throws IOException {
        List<String> command = command("start", "--data", data.toString(), "--port", Integer.toString(port));
        command.addAll(List.of(more));
        return start(command);
    }

    /** Starts a broker with a whole command line, which may put something before the command. */
    static Distribution start(List<String> command) throws IOException {
        Path log = Files.createTempFile("milena", ".log");
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new AssertionError("no ready line but: " + line + "\n" + Files.readString(log));
        }
        return new Distribution(process, log, ready.group(1), Integer.parseInt(ready.group(2)));
    }

    /** What it has logged so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** A path as the broker sees it, where it has mounted something that we have not. */
    Path inside(Path path) {
        return Path.of("/proc/" + process.pid() + "/root" + path.toAbsolutePath());
    }

    String address() {
        return address;
    }

    int port() {
        return port;
    }

    /** {@code kill -9}: the launcher has replaced itself by the JVM, so this is the broker's own process. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends a signal, by its name. */
    void signal(String name) {
        ExternalProgram.run(List.of("kill", "-" + name, Long.toString(process.pid())))
                .expectSuccess();
    }

    /** SIGTERM; answers the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new AssertionError("SIGTERM does not end the broker");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
