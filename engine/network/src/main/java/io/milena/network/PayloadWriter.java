package io.milena.network;

import io.milena.protocol.Payload;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the parts of replies, in as few writes as is easy: parts in memory together, and small file parts, read into memory, with them. Used by one thread at a time.
 */
final class PayloadWriter {
    /** From here on it is cheaper to let the kernel move the bytes than to read them first. */
    private static final int FROM_FILE_BYTES_MIN = 16 * 1024;

    /** Of a file part no more is offered at once: so much is read again where the system does not say what has failed. */
    private static final int PIECE_BYTES = 1024 * 1024;

    private final Transport transport;
    private final Activity activity;
    private final ConnectionStatistics statistics;

    PayloadWriter(Transport transport, Activity activity, ConnectionStatistics statistics) {
        this.transport = transport;
        this.activity = activity;
        this.statistics = statistics;
    }

    /** Writes all parts, and releases them whatever happens. */
    void write(List<Payload> parts) throws IOException {
        if (parts.isEmpty()) {
            return;
        }
        activity.writes(Activity.Writing.SENDS);
        try {
            List<ByteBuffer> gathered = new ArrayList<>(parts.size());
            for (Payload part : parts) {
                switch (part) {
                    case Payload.InMemory(ByteBuffer bytes) -> gathered.add(bytes.duplicate());
                    case Payload.InFile file when file.sizeInBytes() < FROM_FILE_BYTES_MIN -> gathered.add(read(file));
                    case Payload.InFile file -> {
                        flush(gathered);
                        transfer(file);
                    }
                    default -> throw new IllegalStateException("cannot send a " + part.getClass());
                }
            }
            flush(gathered);
        } finally {
            release(parts);
            activity.writes(Activity.Writing.RESTS);
        }
    }

    /** Lets go of the files of {@code parts}. */
    static void release(List<Payload> parts) {
        for (Payload part : parts) {
            if (part instanceof Payload.InFile file) {
                file.release();
            }
        }
    }

    private static ByteBuffer read(Payload.InFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(file.sizeInBytes());
        try {
            file.prepare(file.position(), file.sizeInBytes());
            while (bytes.hasRemaining()) {
                if (file.channel().read(bytes, file.position() + bytes.position()) < 0) {
                    throw SocketTransport.fileEndsEarly(file.position() + bytes.position(), bytes.remaining());
                }
            }
        } catch (IOException e) {
            throw new UnreadableFileException(file, e);
        }
        return bytes.flip();
    }

    private void flush(List<ByteBuffer> gathered) throws IOException {
        if (gathered.isEmpty()) {
            return;
        }
        long bytes = 0;
        for (ByteBuffer each : gathered) {
            bytes += each.remaining();
        }
        transport.writeFully(gathered.toArray(ByteBuffer[]::new));
        gathered.clear();
        moved(bytes);
    }

    /** The system does not say whether reading or sending has failed, so it is read once more, if there is still somebody to send to. */
    private IOException blame(Payload.InFile file, long at, long count, IOException failure) {
        if (!transport.isOpen()) {
            return failure;
        }
        ByteBuffer bytes = ByteBuffer.allocate(FROM_FILE_BYTES_MIN);
        try {
            long position = at;
            while (position < at + count) {
                int read = file.channel().read(bytes.clear(), position);
                if (read < 0) {
                    return failure;
                }
                position += read;
            }
            return failure;
        } catch (IOException e) {
            return new UnreadableFileException(file, e);
        }
    }

    private void transfer(Payload.InFile file) throws IOException {
        long end = file.position() + file.sizeInBytes();
        int pieceBytes = Math.min(PIECE_BYTES, file.bytesAtOnce());
        for (long at = file.position(), pieceEnd = at; at < end; ) {
            pieceEnd = at < pieceEnd ? pieceEnd : Math.min(at + pieceBytes, end);
            long sent = transfer(file, at, pieceEnd - at);
            moved(sent);
            at += sent;
        }
    }

    /** Sends some of it. A client that reads slowly may have let so much time go by since the last that the rest is no longer in memory. */
    private long transfer(Payload.InFile file, long at, long count) throws IOException {
        file.prepare(at, count);
        activity.sent(); // what that took is not the client's fault
        try {
            return transport.write(file.channel(), at, count);
        } catch (IOException e) {
            throw blame(file, at, count, e);
        }
    }

    private void moved(long bytes) {
        statistics.sent(bytes);
        activity.sent();
    }
}
