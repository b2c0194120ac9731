package io.milena.protocol;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that travel as they are: the records within a message, or a part of an encoded message. */
public interface Payload {
    int sizeInBytes();

    /** Bytes from the buffer's position to its limit; neither is moved by anyone. */
    record InMemory(ByteBuffer bytes) implements Payload {
        @Override
        public int sizeInBytes() {
            return bytes.remaining();
        }
    }

    /** Bytes in a file that is kept open for whoever holds this, who lets go of it exactly once. */
    interface InFile extends Payload {
        FileChannel channel();

        /** Where the bytes start in the file. */
        long position();

        /** How many bytes are sent in one piece, at most. */
        int bytesAtOnce();

        /** Called before each attempt to read or send some of the bytes: may leave the processor to others, and waits where the disk has to be waited for. */
        void prepare(long from, long count);

        void release();
    }
}
