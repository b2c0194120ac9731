package io.milena.network;

import io.milena.protocol.Payload;
import java.util.List;

/**
 * The answer to one frame, which may still have to be waited for. The connection either awaits it, once, or drops it.
 */
@FunctionalInterface
public interface Reply {
    /**
     * The bytes to send, with whatever frames them; the connection releases their file parts. Runs when all earlier replies were awaited, mostly on the connection's writer, and
     * may wait; a wait ends with {@code InterruptedException} when the client is gone or the server stops.
     *
     * @throws CloseConnection if there is nothing to answer but to end the connection
     */
    List<Payload> await() throws InterruptedException;

    /** Whether it takes no longer than a disk does, so that the thread which has read the request may wait for it. */
    default boolean isSoon() {
        return false;
    }

    /** Whether {@link #await()} would not wait: such replies leave in one write. Asked by the writer, perhaps many times; does no work, and what is ready stays so. */
    default boolean isReady() {
        return false;
    }

    /** Called instead of {@link #await()} when nobody will be answered: lets go of what the reply holds. */
    default void drop() {}

    /** Nothing is sent. */
    static Reply none() {
        return Ready.NONE;
    }

    /** An answer that is there. */
    static Reply ready(List<Payload> parts) {
        return new Ready(parts);
    }

    /** See {@link #ready}. */
    record Ready(List<Payload> parts) implements Reply {
        private static final Ready NONE = new Ready(List.of());

        @Override
        public List<Payload> await() {
            return parts;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void drop() {
            PayloadWriter.release(parts);
        }
    }
}
