package io.milena.network.tls;

import io.milena.runtime.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Seals what leaves, and sends it in the order in which it was sealed: both under one lock, for the writer of a connection and for its reader, who has answers below the bytes (a new key, an alert). Safe for use by both.
 */
final class OutgoingRecords {
    /** Records that leave in one write. */
    private static final int TOGETHER = 4;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport below;
    private final ReentrantLock sending = new ReentrantLock();

    OutgoingRecords(Transport below) {
        this.below = below;
    }

    /** All of the buffers. What the engine itself has to say goes first. */
    void send(SSLEngine engine, ByteBuffer[] buffers) throws IOException {
        sending.lock();
        try {
            seal(engine, buffers);
            sealWhatIsDue(engine); // which the reader could not, meanwhile
        } finally {
            sending.unlock();
        }
    }

    /** What the engine has to say, if it has. */
    void sendWhatIsDue(SSLEngine engine) throws IOException {
        sending.lock();
        try {
            sealWhatIsDue(engine);
        } finally {
            sending.unlock();
        }
    }

    /**
     * The same, unless somebody sends: then it goes with that. A reader must not wait for its writer, who may wait for the peer's reader, who would wait for the peer's writer, who waits for us.
     *
     * @return whether it is sent
     */
    boolean trySendWhatIsDue(SSLEngine engine) throws IOException {
        if (!sending.tryLock()) {
            return false;
        }
        try {
            sealWhatIsDue(engine);
            return true;
        } finally {
            sending.unlock();
        }
    }

    private void seal(SSLEngine engine, ByteBuffer[] buffers) throws IOException {
        long rest = 0;
        for (ByteBuffer buffer : buffers) {
            rest += buffer.remaining();
        }
        int recordBytes = engine.getSession().getPacketBufferSize();
        long records = Math.clamp(rest / engine.getSession().getApplicationBufferSize() + 1, 1, TOGETHER);
        ByteBuffer sealed = ByteBuffer.allocate((int) records * recordBytes);
        while (rest > 0) {
            SSLEngineResult result = engine.wrap(buffers, sealed);
            rest -= result.bytesConsumed();
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new EOFException("the connection has ended");
            }
            if (result.bytesProduced() == 0 && sealed.position() == 0) {
                throw new SSLException("nothing can be sealed: " + result.getHandshakeStatus());
            }
            if (rest == 0 || sealed.remaining() < recordBytes || result.bytesProduced() == 0) {
                send(sealed);
            }
        }
    }

    private void sealWhatIsDue(SSLEngine engine) throws IOException {
        if (engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            return;
        }
        int recordBytes = engine.getSession().getPacketBufferSize();
        ByteBuffer sealed = ByteBuffer.allocate(TOGETHER * recordBytes);
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                if (engine.wrap(NOTHING, sealed).bytesProduced() == 0) {
                    break;
                }
                if (sealed.remaining() < recordBytes) {
                    send(sealed);
                }
            }
        } finally {
            send(sealed); // before a failure, what explains it
        }
    }

    private void send(ByteBuffer sealed) throws IOException {
        below.writeFully(new ByteBuffer[] {sealed.flip()});
        sealed.clear();
    }
}
