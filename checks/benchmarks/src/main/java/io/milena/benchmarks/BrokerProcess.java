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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** A broker as a process of this machine, started on an empty folder. */
final class BrokerProcess implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 100;

    private final Process process;
    private final String address;
    private final double readySeconds;

    private BrokerProcess(Process process, String address, double readySeconds) {
        this.process = process;
        this.address = address;
        this.readySeconds = readySeconds;
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
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            while (!(isListening(port) && answers(admin, 5000))) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("the broker ended before it answered, see " + log);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            return new BrokerProcess(process, address, (System.nanoTime() - start) / 1e9);
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

    double readySeconds() {
        return readySeconds;
    }

    /** Processor time that the process has used, user and system, in seconds. */
    double cpuSeconds() {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    }

    /** Resident memory in megabytes of 10^6 bytes. */
    double residentMb() {
        String line = read("status")
                .lines()
                .filter(l -> l.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(Duration.ofSeconds(60))) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
