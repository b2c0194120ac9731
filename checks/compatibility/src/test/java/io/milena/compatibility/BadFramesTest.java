package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that no client should send: the broker hangs up on who sends them, and on nobody else. */
class BadFramesTest {
    private static final short METADATA = 3;
    private static final short API_VERSIONS = 18;
    private static final int CORRELATION_ID = 7;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an API that does not exist,                    0000000a 03e7 0000 00000007 ffff",
        "a version that does not exist,                 0000000a 0003 0063 00000007 ffff",
        "a body that ends within a field,               0000000d 0003 0001 00000007 ffff ffffff",
        "more elements than bytes,                      0000000e 0003 0001 00000007 ffff 7fffffff",
        "a string longer than the frame,                00000010 0003 0001 00000007 ffff 00000001 7fff",
        "no header,                                     00000001 00",
        "an empty frame,                                00000000",
        "a negative size,                               fffffffb",
        "more than a request may have,                  7fffffff",
        "another protocol,                              474554202f20485454502f312e310d0a"
    })
    void whoSendsItIsDisconnectedAndNobodyElse(String what, String hex) throws IOException {
        try (Socket good = connect();
                Socket bad = connect()) {
            assertAnswers(good);
            send(bad, hex);
            assertEquals("closed", end(bad), what);
            assertAnswers(good);
        }
    }

    @Test
    void aFrameThatNeverEndsDisturbsNobody() throws IOException {
        try (Socket bad = connect();
                Socket good = connect()) {
            send(bad, "00000100 0003 0001 0000");
            assertAnswers(good);
        }
    }

    @Test
    void aVersionOfApiVersionsThatDoesNotExistIsAnsweredWithThoseThatDo() throws IOException {
        try (Socket socket = connect()) {
            // The header of a flexible version: null client id, no tagged fields; then a body that nobody can read yet
            send(socket, "0000000e 0012 0063 00000007 ffff 00 01 01 00");
            ByteBuffer response = response(socket);
            assertEquals(CORRELATION_ID, response.getInt());
            assertEquals(35, response.getShort(), "UNSUPPORTED_VERSION");
            int apis = response.getInt();
            boolean isListed = false;
            for (int i = 0; i < apis; i++) {
                isListed |= response.getShort() == API_VERSIONS;
                response.getInt(); // the lowest and the highest version
            }
            assertEquals(true, isListed);
        }
    }

    /** As Apache Kafka: a later version of a request may have grown. */
    @Test
    void bytesBehindARequestAreIgnored() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "00000011 0003 0001 00000007 ffff 00000000 ffffff");
            assertEquals(CORRELATION_ID, response(socket).getInt());
        }
    }

    @Test
    void responsesComeInTheOrderOfTheRequests() throws IOException {
        try (Socket socket = connect()) {
            StringBuilder requests = new StringBuilder();
            int[] sent = new int[50];
            int[] answered = new int[50];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = 1000 + i;
                requests.append(String.format("0000000e %04x 0001 %08x ffff 00000000", METADATA, sent[i]));
            }
            send(socket, requests.toString());
            for (int i = 0; i < sent.length; i++) {
                answered[i] = response(socket).getInt();
            }
            assertArrayEquals(sent, answered);
        }
    }

    private static Socket connect() throws IOException {
        String address = BrokerUnderTest.address();
        int colon = address.lastIndexOf(':');
        Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket, String hex) throws IOException {
        socket.getOutputStream().write(java.util.HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static void assertAnswers(Socket socket) throws IOException {
        send(socket, "0000000e 0003 0001 00000007 ffff 00000000");
        assertEquals(CORRELATION_ID, response(socket).getInt());
    }

    private static ByteBuffer response(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return ByteBuffer.wrap(in.readNBytes(in.readInt()));
    }

    private static String end(Socket socket) throws IOException {
        try {
            int next = socket.getInputStream().read();
            return next < 0 ? "closed" : "answered";
        } catch (SocketException reset) {
            return "closed";
        }
    }
}
