package io.milena.network.tls;

import io.milena.runtime.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * What has arrived on a connection and is not opened yet, as TLS records (RFC 8446, 5.1). Used by one thread at a time.
 *
 * <pre>
 * type     int8: 20 to 23
 * version  int16: 0x03..
 * length   uint16, of what follows
 * sealed   length bytes
 * </pre>
 */
final class IncomingRecords {
    private static final int HEADER_BYTES = 5;
    /** What a record may hold, and what sealing may add in TLS 1.2. */
    private static final int SEALED_BYTES_MAX = (1 << 14) + 2048;

    private static final int FIRST_BYTES = 4 * 1024;

    /** Between position and limit: what is not opened. */
    private ByteBuffer arrived = ByteBuffer.allocate(FIRST_BYTES).limit(0);

    /** The engine takes its next record from here. */
    ByteBuffer buffer() {
        return arrived;
    }

    boolean isEmpty() {
        return !arrived.hasRemaining();
    }

    /** Whether these bytes can be the begin of TLS. */
    boolean areTls() {
        int at = arrived.position();
        return isEmpty() || (isType(arrived.get(at)) && (arrived.remaining() < 2 || arrived.get(at + 1) == 3));
    }

    private static boolean isType(byte first) {
        return first >= 20 && first <= 23;
    }

    /** @throws SSLException if the record is larger than records may be */
    boolean hasWhole() throws SSLException {
        return arrived.remaining() >= HEADER_BYTES && arrived.remaining() >= sizeInBytes();
    }

    /** Of the first record, whose header is there. */
    int sizeInBytes() throws SSLException {
        int sealed = Short.toUnsignedInt(arrived.getShort(arrived.position() + 3));
        if (sealed > SEALED_BYTES_MAX) {
            throw new SSLException("a TLS record of " + sealed + " bytes, more than " + SEALED_BYTES_MAX);
        }
        return HEADER_BYTES + sealed;
    }

    /**
     * Waits for more of a record that is not whole yet.
     *
     * @return as {@link Transport#read}
     */
    int receive(Transport transport) throws IOException {
        makeRoom();
        try {
            return transport.read(arrived);
        } finally {
            arrived.flip();
        }
    }

    private void makeRoom() throws SSLException {
        int needed = arrived.remaining() < HEADER_BYTES ? FIRST_BYTES : sizeInBytes();
        if (needed <= arrived.capacity()) {
            arrived.compact();
        } else {
            arrived = ByteBuffer.allocate(HEADER_BYTES + SEALED_BYTES_MAX).put(arrived);
        }
    }
}
