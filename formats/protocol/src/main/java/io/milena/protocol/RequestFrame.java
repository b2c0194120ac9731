package io.milena.protocol;

import io.milena.protocol.message.RequestHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a request frame (without its size): which API, which version, whose. The body is read on demand, because what to do about an unknown API or
 * version is the broker's decision.
 *
 * <pre>
 * int16 api key | int16 version | int32 correlation id | nullable string client id (never compact) | tagged fields from header version 2 on | body
 * </pre>
 *
 * @param key null when there is no such API
 */
public record RequestFrame(@Nullable ApiKey key, short rawKey, short version, int correlationId, ByteBuffer frame) {
    private static final int FIXED_BYTES = 8;

    /**
     * Looks at the fixed part of the header only.
     *
     * @throws MalformedMessageException if the frame is too short for one
     */
    public static RequestFrame peek(ByteBuffer frame) {
        if (frame.remaining() < FIXED_BYTES) {
            throw new MalformedMessageException("a request of " + frame.remaining() + " bytes has no header");
        }
        int at = frame.position();
        short key = frame.getShort(at);
        return new RequestFrame(ApiKey.of(key), key, frame.getShort(at + 2), frame.getInt(at + 4), frame);
    }

    /** A whole request: who sent it, and what. */
    public record Decoded(String clientId, ApiMessage body) {}

    /**
     * Reads the rest; the key must be known and the version one of its own.
     *
     * @throws MalformedMessageException if the bytes are not such a request
     */
    public Decoded decode() {
        ApiKey api = key;
        if (api == null) {
            throw new IllegalStateException("there is no API " + rawKey);
        }
        WireReader in = new WireReader(frame);
        RequestHeader header = RequestHeader.read(in, api.requestHeaderVersion(version));
        String clientId = header.clientId();
        return new Decoded(clientId == null ? "" : clientId, api.readRequest(in, version));
    }

    /** A client's side: the whole frame with its size in front. */
    public static List<Payload> encode(int correlationId, String clientId, short version, ApiMessage request) {
        ApiKey api = request.apiKey();
        WireWriter out = WireWriter.ofFrame();
        RequestHeader header = RequestHeader.builder()
                .requestApiKey(api.key())
                .requestApiVersion(version)
                .correlationId(correlationId)
                .clientId(clientId)
                .build();
        header.write(out, api.requestHeaderVersion(version));
        request.write(out, version);
        return out.frame();
    }
}
