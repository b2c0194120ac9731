package io.milena.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** A broker as a process of this machine: how long it took to start and to stop, and what {@code /proc} says of it. It ends with this JVM, however that ends. */
final class BrokerProcess implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 100;
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(5);

    private final Process process;
    private final String address;
    private final long startNanos;
    private final double readySeconds;

    private BrokerProcess(Process process, String address, long startNanos, double readySeconds) {
        this.process = process;
        this.address = address;
        this.startNanos = startNanos;
        this.readySeconds = readySeconds;
    }

    /** Starts {@code command} and does not wait for it. */
    static BrokerProcess launch(List<String> command, Path log, int port) throws IOException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new BrokerProcess(process, "127.0.0.1:" + port, start, Double.NaN);
    }

    /** Starts {@code command} and waits until an admin client that is already warm gets the answer to describeCluster. */
    static BrokerProcess start(List<String> command, Path log, int port) throws IOException, InterruptedException {
        String address = "127.0.0.1:" + port;
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                address,
                "reconnect.backoff.ms",
                "10",
                "reconnect.backoff.max.ms",
                "10",
                "retry.backoff.ms",
                "10"))) {
            answers(admin, 300); // loads the client's classes
            BrokerProcess launched = launch(command, log, port);
            while (!(isListening(port) && answers(admin, 5000))) {
                if (!launched.process.isAlive()) {
                    throw new IllegalStateException("the broker ended before it answered, see " + log);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            return new BrokerProcess(launched.process, address, launched.startNanos, launched.secondsSinceStart());
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answers(Admin admin, int timeoutMs) throws InterruptedException {
        try {
            return !admin.describeCluster(new DescribeClusterOptions().timeoutMs(timeoutMs))
                    .nodes()
                    .get()
                    .isEmpty();
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    String address() {
        return address;
    }

    /** Not a number where nobody has waited for it. */
    double readySeconds() {
        return readySeconds;
    }

    /** Since the process was started. */
    double secondsSinceStart() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Processor time that the process has used, user and system, in seconds. */
    double cpuSeconds() {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    }

    /** Resident memory in megabytes of 10^6 bytes. */
    double residentMb() {
        return number("status", "VmRSS") * 1024 / 1e6;
    }

    private long number(String file, String name) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** What the process has made the disk read: nothing of what the page cache held. */
    long bytesReadFromDisk() {
        return number("io", "read_bytes");
    }

    /** File descriptors in use, sockets among them. */
    int openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(folder().resolve("fd"))) {
            return (int) descriptors.count();
        }
    }

    /** What share of a core the process uses while nobody asks it for anything, in percent. */
    double idleCpuPercent(int seconds) throws InterruptedException {
        double before = cpuSeconds();
        TimeUnit.SECONDS.sleep(seconds);
        return (cpuSeconds() - before) * 100 / seconds;
    }

    private Path folder() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    private String read(String file) {
        try {
            return Files.readString(folder().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A clean stop, by SIGTERM; answers how many seconds it took. */
    double stop() throws InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        if (!process.waitFor(STOP_PATIENCE)) {
            throw new IllegalStateException("the broker did not stop within " + STOP_PATIENCE);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it at once: its data is not looked at any more. */
    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
