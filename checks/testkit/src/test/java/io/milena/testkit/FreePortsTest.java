package io.milena.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void noPortIsGivenTwiceAndNoneThatConnectionsAreGiven() {
        List<Integer> ports = FreePorts.take(20);
        assertEquals(20, new HashSet<>(ports).size());
        assertTrue(ports.stream().allMatch(port -> port >= 20_000 && port < 32_768), ports::toString);
    }

    @Test
    void aPortOnWhichSomebodyListensIsNotGiven() throws IOException {
        int taken = FreePorts.take() + 1;
        try (ServerSocket socket = new ServerSocket(taken)) {
            assertTrue(FreePorts.take() > socket.getLocalPort());
        }
    }

    @Test
    void anotherProcessGetsOtherPorts() throws IOException, InterruptedException {
        List<Integer> mine = FreePorts.take(3);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int port = Integer.parseInt(other.inputReader().readLine());
        assertFalse(mine.contains(port));
        assertEquals(0, other.waitFor());
    }

    /** A JVM that takes one. */
    static final class Other {
        public static void main(String[] arguments) {
            System.out.println(FreePorts.take());
        }
    }
}
