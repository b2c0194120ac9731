package io.milena.benchmarks;

import io.milena.embedded.Milena;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;

/** How long a broker inside a JVM takes to start, from the call until it accepts a connection, when it is not the first one there. */
final class EmbeddedStart {
    private static final int WARM_UPS = 10;
    private static final int ROUNDS = 30;

    private EmbeddedStart() {}

    /** A sentence with the median and the range. */
    static String measure() throws Exception {
        double first = startMs();
        for (int i = 0; i < WARM_UPS; i++) {
            startMs();
        }
        double[] warm = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            warm[i] = startMs();
        }
        Arrays.sort(warm);
        return String.format(
                Locale.ROOT,
                "embedded start, ms: first in the JVM %.0f; warm: median %.1f, range %.1f..%.1f of %d",
                first,
                warm[ROUNDS / 2],
                warm[0],
                warm[ROUNDS - 1],
                ROUNDS);
    }

    private static double startMs() throws Exception {
        long start = System.nanoTime();
        try (Milena milena = Milena.start();
                Socket socket = new Socket("localhost", milena.port())) {
            double tookMs = (System.nanoTime() - start) / 1e6;
            if (!socket.isConnected()) {
                throw new IllegalStateException("no connection to " + milena.bootstrapServers());
            }
            return tookMs;
        }
    }
}
