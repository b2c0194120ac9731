package io.milena.broker.peers;

import io.milena.network.FrameClient;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.ResponseFrame;
import java.io.IOException;

/** A connection to another broker of the cluster. Used by one thread at a time; {@link #close()} is for any. */
public final class Peer implements AutoCloseable {
    private final FrameClient client;
    private final String name;
    private int correlationId;

    /** @param name of this end, as the other one logs it */
    Peer(FrameClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws IOException if none came that makes sense; the connection is closed then
     */
    public <R extends ApiMessage> R ask(ApiMessage request, int version, Class<R> response) throws IOException {
        int id = ++correlationId;
        try {
            return response.cast(ResponseFrame.decode(
                    client.ask(RequestFrame.encode(id, name, (short) version, request)),
                    request.apiKey(),
                    (short) version,
                    id));
        } catch (MalformedMessageException e) {
            close();
            throw new IOException("an answer that is none: " + e.getMessage(), e);
        }
    }

    boolean isOpen() {
        return client.isOpen();
    }

    boolean isOverdue(long patienceMs) {
        return client.isOverdue(patienceMs);
    }

    @Override
    public void close() {
        client.close();
    }
}
