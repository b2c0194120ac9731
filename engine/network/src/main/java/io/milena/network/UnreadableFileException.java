package io.milena.network;

import io.milena.protocol.Payload;
import java.io.IOException;

/** Not the client is at fault, nor the network: a part of an answer could not be read from its file, when its length was sent already. So the connection ends, and somebody must hear of it. */
final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableFileException(Payload.InFile part, IOException cause) {
        super(
                part.sizeInBytes() + " bytes from position " + part.position()
                        + " of a file on could not be read for an answer: " + cause.getMessage(),
                cause);
    }
}
