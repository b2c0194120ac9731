package io.milena.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.ResponseFrame;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.ApiVersionsResponse.ApiVersion;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceRequest.PartitionProduceData;
import io.milena.protocol.message.ProduceRequest.TopicProduceData;
import io.milena.testkit.Arbitrary;
import io.milena.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are not what they should be end their own connection. No other client notices, and no handler fails over them. */
@Timeout(300)
class BadRequestsTest {
    private static final int FRAME_BYTES_MAX = 100_000;
    private static final int SIZE_BYTES = 4;
    private static final int VERSION_AT = SIZE_BYTES + 2;

    private final Failures failures = new Failures();

    @TempDir
    private Path data;

    private RunningBroker broker;
    private RawClient other;

    /** What the network reports as a failure of ours rather than a fault of a client's. */
    private static final class Failures extends Handler {
        private static final Logger NETWORK = Logger.getLogger("io.milena.network.Connection");

        private final Queue<String> seen = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                seen.add(entry.getMessage() + ": " + entry.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() throws IOException {
        Failures.NETWORK.addHandler(failures);
        broker = RunningBroker.start(data, Map.of("socket.request.max.bytes", Integer.toString(FRAME_BYTES_MAX)));
        broker.create("orders", 1);
        other = broker.connect();
        assertIsServed(other);
    }

    @AfterEach
    void theOtherClientIsStillServed() throws IOException {
        assertIsServed(other);
        other.close();
        broker.close();
        Failures.NETWORK.removeHandler(failures);
        assertEquals(List.of(), List.copyOf(failures.seen));
    }

    private static void assertIsServed(RawClient client) throws IOException {
        ApiVersionsResponse versions =
                client.ask(new ApiVersionsRequest("raw", "1.0", null, -1), 3, ApiVersionsResponse.class);
        assertEquals(ErrorCode.NONE.code(), versions.errorCode());
    }

    private void assertEndsTheConnection(byte[] frame) throws IOException {
        assertBytesEndTheConnection(withSize(frame));
    }

    private static byte[] withSize(byte[] frame) {
        return ByteBuffer.allocate(SIZE_BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    private void assertBytesEndTheConnection(byte[] bytes) throws IOException {
        try (RawClient client = broker.connect()) {
            client.sendBytes(bytes);
            client.assertClosedWithoutAnAnswer();
        }
    }

    private static byte[] header(int key, int version) {
        return ByteBuffer.allocate(11)
                .putShort((short) key)
                .putShort((short) version)
                .putInt(1)
                .putShort((short) 0)
                .put((byte) 0)
                .array();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, 52, 95, 999, Short.MAX_VALUE, Short.MIN_VALUE})
    void anApiThatIsNotServedEndsTheConnection(int key) throws IOException {
        assertEndsTheConnection(header(key, 0));
    }

    @ParameterizedTest
    @ValueSource(shorts = {6, 99, Short.MAX_VALUE, -1, Short.MIN_VALUE})
    void apiVersionsOfAnUnknownVersionIsAnsweredInVersionZeroWithTheVersionsToUse(short version) throws IOException {
        byte[] frame = RawClient.frame(new ApiVersionsRequest("raw", "1.0", null, -1), 4, 77);
        ByteBuffer.wrap(frame).putShort(VERSION_AT, version);
        try (RawClient client = broker.connect()) {
            client.sendBytes(frame);
            ApiVersionsResponse answer = (ApiVersionsResponse)
                    ResponseFrame.decode(client.receiveFrame(), ApiKey.API_VERSIONS, (short) 0, 77);
            assertEquals(ErrorCode.UNSUPPORTED_VERSION.code(), answer.errorCode());
            assertEquals(List.of(new ApiVersion(ApiKey.API_VERSIONS.key(), (short) 0, (short) 5)), answer.apiKeys());
            assertIsServed(client);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,14", "0,2", "0,0", "1,3", "1,19", "3,14", "3,-1", "19,1", "36,99"})
    void anotherApiInAVersionThatIsNotServedEndsTheConnection(int key, int version) throws IOException {
        assertEndsTheConnection(header(key, version));
    }

    @Test
    void aFrameThatIsTooShortForAHeaderEndsTheConnection() throws IOException {
        byte[] header = header(ApiKey.API_VERSIONS.key(), 0);
        for (int length = 1; length < 10; length++) {
            assertEndsTheConnection(Arrays.copyOf(header, length));
        }
    }

    @Test
    void aRequestThatIsCutAnywhereEndsTheConnection() throws IOException {
        for (int version : new int[] {3, 8, 9, 12}) {
            byte[] whole = RawClient.frame(produce(), version, 1);
            for (int length = 1; length < whole.length - SIZE_BYTES; length++) {
                assertEndsTheConnection(Arrays.copyOfRange(whole, SIZE_BYTES, SIZE_BYTES + length));
            }
        }
    }

    private static ProduceRequest produce() {
        Payload records = new Payload.InMemory(ByteBuffer.allocate(8));
        TopicProduceData topic =
                new TopicProduceData("orders", Uuids.ZERO, List.of(new PartitionProduceData(0, records)));
        return new ProduceRequest(null, (short) 1, 1000, List.of(topic));
    }

    @Test
    void aClientThatLeavesWithinARequestIsForgotten() throws IOException {
        byte[] whole = RawClient.frame(produce(), 9, 1);
        for (int length = 1; length < whole.length; length++) {
            try (RawClient client = broker.connect()) {
                client.sendBytes(Arrays.copyOf(whole, length));
                client.endSending();
                client.assertClosedWithoutAnAnswer();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, FRAME_BYTES_MAX + 1})
    void aFrameSizeThatCannotBeEndsTheConnection(int size) throws IOException {
        assertBytesEndTheConnection(ByteBuffer.allocate(SIZE_BYTES).putInt(size).array());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 1, -2, Integer.MIN_VALUE, 1_000_001, 50})
    void anArrayThatPromisesMoreThanItHasEndsTheConnection(int count) throws IOException {
        byte[] header = header(ApiKey.METADATA.key(), 1);
        assertEndsTheConnection(
                ByteBuffer.allocate(14).put(header, 0, 10).putInt(count).array());
    }

    @Test
    void aTextThatIsNotUtf8EndsTheConnection() throws IOException {
        byte[] frame = RawClient.frame(
                MetadataRequest.builder()
                        .topics(List.of(MetadataRequest.MetadataRequestTopic.builder()
                                .name("orders")
                                .build()))
                        .build(),
                4,
                1);
        frame[indexOf(frame, (byte) 'o')] = (byte) 0xff;
        assertBytesEndTheConnection(frame);
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        int at = 0;
        while (bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    @Test
    void garbageBehindAHeaderHarmsNobodyElse() throws IOException {
        List<ApiVersion> served = other.ask(
                        new ApiVersionsRequest("raw", "1.0", null, -1), 3, ApiVersionsResponse.class)
                .apiKeys();
        Seeds.each(BadRequestsTest.class, 600, seed -> {
            Random random = new Random(seed);
            ApiVersion api = Arbitrary.oneOf(random, served);
            int version = random.nextInt(api.minVersion(), api.maxVersion() + 1);
            byte[] header = header(api.apiKey(), version);
            byte[] body = Arbitrary.bytes(random, Arbitrary.size(random, 200));
            byte[] frame = ByteBuffer.allocate(header.length + body.length)
                    .put(header)
                    .put(body)
                    .array();
            try (RawClient client = broker.connect()) {
                client.sendBytes(withSize(frame));
                client.endSending();
                client.readToTheEnd();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertEquals(List.of(), List.copyOf(failures.seen), () -> api + " in version " + version);
        });
    }
}
