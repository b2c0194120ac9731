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

        /** How many of the bytes are sent without {@link #giveWay} between them, at most. */
        default int bytesAtOnce() {
            return Integer.MAX_VALUE;
        }

        /** Called between pieces of {@link #bytesAtOnce}: may leave the processor to others. */
        default void giveWay() {}

        void release();
    }
}
