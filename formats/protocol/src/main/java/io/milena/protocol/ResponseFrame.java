package io.milena.protocol;

import io.milena.protocol.message.ResponseHeader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A response frame: {@code int32 size | int32 correlation id | tagged fields from header version 1 on | body}.
 */
public final class ResponseFrame {
    private ResponseFrame() {}

    /** The broker's side: the whole frame with its size in front; records in files stay there. */
    public static List<Payload> encode(int correlationId, ApiMessage response, short version) {
        WireWriter out = WireWriter.ofFrame();
        new ResponseHeader(correlationId).write(out, response.apiKey().responseHeaderVersion(version));
        response.write(out, version);
        return out.frame();
    }

    /**
     * A client's side: reads a frame without its size.
     *
     * @throws MalformedMessageException if it does not answer {@code correlationId} or is not such a response
     */
    public static ApiMessage decode(ByteBuffer frame, ApiKey key, short version, int correlationId) {
        WireReader in = new WireReader(frame);
        ResponseHeader header = ResponseHeader.read(in, key.responseHeaderVersion(version));
        if (header.correlationId() != correlationId) {
            throw new MalformedMessageException("a response to request " + header.correlationId() + " came where "
                    + correlationId + " was expected");
        }
        return key.readResponse(in, version);
    }
}
