package io.milena.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The application of {@code examples/orders}, as {@code ./milena example orders} runs it: a process of its own, that can be killed. What it says is kept beside the pictures. */
final class OrdersProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final Process process;

    private OrdersProcess(Process process) {
        this.process = process;
    }

    /** @param settings as its command line takes them */
    static OrdersProcess start(String bootstrapServers, String name, String... settings) {
        Path built = Path.of(System.getProperty("milena.orders", "../../examples/orders/target"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                built.resolve("classes") + ":" + built.resolve("lib") + "/*",
                "com.example.orders.OrdersApplication"));
        command.addAll(List.of(settings));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MILENA_BOOTSTRAP", bootstrapServers);
        try {
            Path log = Visit.pictures().resolve(name + ".log");
            Files.createDirectories(Visit.pictures());
            return new OrdersProcess(builder.redirectOutput(log.toFile()).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How the console names its consumers of orders. */
    String consumers() {
        return "order-processor-" + process.pid() + "-";
    }

    /** As {@code kill -9}: its consumers cannot leave their groups. */
    void kill() {
        process.destroyForcibly();
    }

    /** As Ctrl-C: its consumers leave their groups. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
