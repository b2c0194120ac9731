package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataResponse;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

/** Request and response frames, against Kafka's headers. */
class FramesTest {
    private static final MetadataRequest REQUEST =
            MetadataRequest.builder().topics(null).build();

    @Test
    void aRequestIsReadByKafkaAndByUs() {
        for (short version = 0; version <= ApiKey.METADATA.latestVersion(); version++) {
            MetadataRequest request =
                    version == 0 ? REQUEST.toBuilder().topics(List.of()).build() : REQUEST;
            ByteBuffer frame = frame(RequestFrame.encode(42, "someone", version, request));

            RequestHeader theirs = RequestHeader.parse(frame.duplicate());
            assertEquals(ApiKeys.METADATA, theirs.apiKey());
            assertEquals(version, theirs.apiVersion());
            assertEquals("someone", theirs.clientId());
            assertEquals(42, theirs.correlationId());

            RequestFrame ours = RequestFrame.peek(frame);
            assertEquals(ApiKey.METADATA, ours.key());
            assertEquals(version, ours.version());
            assertEquals(42, ours.correlationId());
            assertEquals(new RequestFrame.Decoded("someone", request), ours.decode());
        }
    }

    @Test
    void aRequestOfKafkaIsReadByUs() {
        short version = ApiKeys.METADATA.latestVersion();
        RequestHeader header = new RequestHeader(ApiKeys.METADATA, version, "", 7);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion())
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(new MetadataRequestData().setTopics(null), version)
                .buffer();
        ByteBuffer frame = ByteBuffer.allocate(head.remaining() + body.remaining())
                .put(head)
                .put(body)
                .flip();
        assertEquals(
                new RequestFrame.Decoded("", REQUEST), RequestFrame.peek(frame).decode());
    }

    @Test
    void anUnknownApiIsSeenButNotDecoded() {
        RequestFrame frame = RequestFrame.peek(ByteBuffer.allocate(8)
                .putShort((short) 4711)
                .putShort((short) 3)
                .putInt(1)
                .flip());
        assertNull(frame.key());
        assertEquals(4711, frame.rawKey());
        assertThrows(IllegalStateException.class, frame::decode);
    }

    @Test
    void aFrameWithoutAHeaderIsMalformed() {
        assertThrows(MalformedMessageException.class, () -> RequestFrame.peek(ByteBuffer.allocate(7)));
        RequestFrame headless = RequestFrame.peek(ByteBuffer.allocate(8)
                .putShort((short) 3)
                .putShort((short) 12)
                .putInt(1)
                .flip());
        assertThrows(MalformedMessageException.class, headless::decode);
    }

    @Test
    void aResponseComesBackAsItWasSent() {
        MetadataResponse response = MetadataResponse.builder().clusterId("c").build();
        short version = ApiKey.METADATA.latestVersion();
        ByteBuffer frame = frame(ResponseFrame.encode(5, response, version));
        assertEquals(
                0,
                org.apache.kafka.common.requests.ResponseHeader.parse(
                                        frame.duplicate(), ApiKeys.METADATA.responseHeaderVersion(version))
                                .correlationId()
                        - 5);
        assertEquals(response, ResponseFrame.decode(frame.duplicate(), ApiKey.METADATA, version, 5));
        assertThrows(MalformedMessageException.class, () -> ResponseFrame.decode(frame, ApiKey.METADATA, version, 6));
    }

    @Test
    void theAnswerToApiVersionsHasTheOldestHeader() {
        ApiVersionsResponse response = ApiVersionsResponse.builder().build();
        for (short version = 0; version <= ApiKey.API_VERSIONS.latestVersion(); version++) {
            ByteBuffer frame = frame(ResponseFrame.encode(5, response, version));
            // After the correlation id comes the error code at once.
            assertEquals(5, frame.getInt(0));
            assertEquals(0, frame.getShort(4));
            assertEquals(response, ResponseFrame.decode(frame, ApiKey.API_VERSIONS, version, 5));
        }
    }

    /** Checks the size in front and takes it off. */
    private static ByteBuffer frame(List<Payload> parts) {
        int size = parts.stream().mapToInt(Payload::sizeInBytes).sum();
        ByteBuffer all = ByteBuffer.allocate(size);
        parts.forEach(part -> all.put(((Payload.InMemory) part).bytes().duplicate()));
        all.flip();
        assertEquals(size - Integer.BYTES, all.getInt());
        return all.slice();
    }
}
