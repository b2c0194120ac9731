package io.milena.network.tls;

import io.milena.network.HandshakeException;
import io.milena.runtime.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on another connection. Whoever first reads or writes shakes hands.
 *
 * <p>The engine may be used by a reader and a writer at once; each side's own state belongs to it alone, and what both send goes through {@link OutgoingRecords}.
 */
final class TlsTransport implements Transport {
    private static final System.Logger LOG = System.getLogger(TlsTransport.class.getName());

    private static final int FROM_FILE_BYTES = 64 * 1024;
    /** What an answer that waits holds are some hundred bytes. */
    private static final int UNANSWERED_MAX = 1000;

    private static final int THROWN_AWAY_BYTES = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport below;
    private final Supplier<SSLEngine> engines;
    private final OutgoingRecords outgoing;

    /** Held from the first byte of the handshake to its last. */
    private final ReentrantLock handshake = new ReentrantLock();

    private volatile @Nullable SSLEngine agreed;
    private @Nullable HandshakeException disagreement;

    // Of the reader, and of whoever shakes hands.
    private final IncomingRecords incoming = new IncomingRecords();
    /** What was opened and is not taken yet: between position and limit. */
    private ByteBuffer opened = NOTHING;

    private boolean hasEnded;
    private boolean hasHeard;
    /** Whether the last record had nothing for who reads. */
    private boolean isBelow;

    /** Such records whose answers wait for the writer. */
    private int unanswered;

    /** @param engines makes one, at the first read or write */
    TlsTransport(Transport below, Supplier<SSLEngine> engines) {
        this.below = below;
        this.engines = engines;
        this.outgoing = new OutgoingRecords(below);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        SSLEngine engine = agree();
        if (engine == null) {
            return -1;
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        int before = into.position();
        while (into.position() == before) {
            if (opened.hasRemaining()) {
                take(into);
            } else if (hasEnded) {
                return -1;
            } else if (incoming.hasWhole()) {
                open(engine, into);
            } else {
                opened = NOTHING;
                hasEnded = incoming.receive(below) < 0;
            }
        }
        return into.position() - before;
    }

    private void take(ByteBuffer into) {
        int bytes = Math.min(opened.remaining(), into.remaining());
        into.put(into.position(), opened, opened.position(), bytes);
        into.position(into.position() + bytes);
        opened.position(opened.position() + bytes);
    }

    /** Opens the next record, if there is room for it straight to where it is wanted. */
    private void open(SSLEngine engine, ByteBuffer into) throws IOException {
        boolean isStraight = into.remaining() >= incoming.sizeInBytes();
        HandshakeStatus status = isStraight ? openInto(engine, into) : openAside(engine);
        if (status == HandshakeStatus.NEED_TASK) {
            hasEnded = true;
            throw new HandshakeException("it wants to negotiate anew, which TLS 1.3 does not know and is refused here");
        }
        if (status == HandshakeStatus.NEED_WRAP && !hasEnded) {
            answerBelow(engine);
        }
    }

    /** Says what the engine has to say, such as a new key, or leaves it to who writes now. */
    private void answerBelow(SSLEngine engine) throws IOException {
        if (outgoing.trySendWhatIsDue(engine)) {
            unanswered = 0;
        } else if (isBelow && ++unanswered > UNANSWERED_MAX) {
            hasEnded = true;
            throw new HandshakeException("it wants new keys all the time, and does not read");
        }
    }

    private HandshakeStatus openAside(SSLEngine engine) throws IOException {
        if (opened.capacity() < incoming.sizeInBytes()) {
            opened = ByteBuffer.allocate(incoming.sizeInBytes());
        }
        opened.clear();
        try {
            return openInto(engine, opened);
        } finally {
            opened.flip();
        }
    }

    /** Opens the next record, which is whole; its bytes are no more than its size. */
    private HandshakeStatus openInto(SSLEngine engine, ByteBuffer into) throws IOException {
        try {
            SSLEngineResult result = engine.unwrap(incoming.buffer(), into);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                hasEnded = true;
                answerEnd(engine);
            } else if (result.getStatus() != SSLEngineResult.Status.OK) {
                throw new SSLException("a TLS record cannot be opened: " + result.getStatus());
            }
            isBelow = result.bytesProduced() == 0;
            return result.getHandshakeStatus();
        } catch (SSLException e) {
            hasEnded = true;
            tellWhy(engine);
            throw e;
        }
    }

    /** Whoever writes now may be waiting for the peer, which has gone: then nothing is said. */
    private void answerEnd(SSLEngine engine) {
        engine.closeOutbound();
        try {
            outgoing.trySendWhatIsDue(engine);
        } catch (IOException e) {
            LOG.log(Level.TRACE, "{0} does not hear that its end was heard", remoteAddress());
        }
    }

    /**
     * The alert that the engine has ready after a failure, if it has one and it can be told. What the peer had sent before it heard is thrown away until it leaves: closing a socket that has unread bytes is a reset, which
     * may overtake the alert. A peer that does not leave is idle.
     */
    private void tellWhy(SSLEngine engine) {
        try {
            boolean hasReason = engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            boolean isTold = outgoing.trySendWhatIsDue(engine) && hasReason;
            ByteBuffer thrownAway = ByteBuffer.allocate(THROWN_AWAY_BYTES);
            while (isTold && !engine.getUseClientMode() && thrownAway.hasRemaining() && below.read(thrownAway) >= 0) {}
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0} is not told why: {1}", remoteAddress(), e.getMessage());
        }
    }

    @Override
    public boolean hasArrived() {
        SSLEngine engine = agreed;
        try {
            while (engine != null && !opened.hasRemaining() && !hasEnded) {
                if (incoming.hasWhole()) {
                    openAside(engine);
                } else if (below.hasArrived()) {
                    hasEnded = incoming.receive(below) < 0;
                } else {
                    return false;
                }
            }
            return opened.hasRemaining();
        } catch (IOException e) {
            return false; // the next read fails as well
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int bytes = from.remaining();
        writeFully(new ByteBuffer[] {from});
        return bytes;
    }

    @Override
    public void writeFully(ByteBuffer[] buffers) throws IOException {
        outgoing.send(agreeToWrite(), buffers);
    }

    @Override
    public long write(FileChannel file, long position, long count) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, FROM_FILE_BYTES));
        if (file.read(piece, position) < 0) {
            throw new IllegalStateException(
                    "a file ends at " + position + ", " + count + " bytes before what was to be sent");
        }
        return write(piece.flip());
    }

    private SSLEngine agreeToWrite() throws IOException {
        SSLEngine engine = agree();
        if (engine == null) {
            throw new EOFException(remoteAddress() + " has ended the connection");
        }
        return engine;
    }

    /**
     * The engine of both ends, after the handshake.
     *
     * @return null if the peer has left without a word
     */
    private @Nullable SSLEngine agree() throws IOException {
        SSLEngine engine = agreed;
        if (engine != null) {
            return engine;
        }
        handshake.lock();
        try {
            if (disagreement != null) {
                throw disagreement;
            }
            if (agreed == null && !hasEnded) {
                shakeHands(engines.get());
            }
            return agreed;
        } finally {
            handshake.unlock();
        }
    }

    private void shakeHands(SSLEngine engine) throws IOException {
        try {
            engine.beginHandshake();
            while (hasMoreToSay(engine)) {}
            agreed = hasEnded ? null : engine;
        } catch (HandshakeException e) {
            disagreement = e;
            throw e;
        } catch (SSLException | RuntimeException e) {
            hasEnded = true;
            tellWhy(engine);
            disagreement = new HandshakeException("the TLS handshake failed: " + e.getMessage(), e);
            throw disagreement;
        } catch (IOException e) {
            hasEnded = true;
            throw e;
        }
    }

    /** One step; false at the end of the handshake or of the connection. */
    private boolean hasMoreToSay(SSLEngine engine) throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            }
            case NEED_WRAP -> outgoing.sendWhatIsDue(engine);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> takeHandshakeRecord(engine);
            case NOT_HANDSHAKING, FINISHED -> {
                return false;
            }
        }
        return !hasEnded;
    }

    private void takeHandshakeRecord(SSLEngine engine) throws IOException {
        while (!incoming.hasWhole()) {
            if (incoming.receive(below) < 0) {
                hasEnded = true;
                if (!hasHeard && !engine.getUseClientMode()) {
                    return; // somebody only looked whether there is a listener
                }
                throw new HandshakeException("it has ended the connection within the TLS handshake");
            }
            hasHeard = true;
            if (!incoming.areTls()) {
                hasEnded = true;
                throw new HandshakeException(
                        engine.getUseClientMode()
                                ? "it does not speak TLS, as this end does: its listener is none of SSL"
                                : "it does not speak TLS, as this listener does: a Kafka client needs security.protocol=SSL");
            }
        }
        openAside(engine);
        if (hasEnded) {
            throw new HandshakeException("it has ended the TLS handshake");
        }
    }

    @Override
    public boolean isOpen() {
        return below.isOpen();
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    @Override
    public InetSocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return below.remoteAddress();
    }
}
