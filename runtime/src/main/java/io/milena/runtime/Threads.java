package io.milena.runtime;

/**
 * Starts threads. Names say what the thread is for; they appear in logs and thread dumps.
 */
public interface Threads {
    /** Starts a thread that mostly waits: a connection, a handler, a periodic task. A virtual thread. */
    Thread start(String name, Runnable body);

    /** Starts a thread for work that holds its carrier, such as forcing files. A platform daemon thread in production. */
    Thread startBlocking(String name, Runnable body);

    /** Starts a thread that waits again and again for so short that it should be woken at once, for which it may take more memory. A platform daemon thread in production. */
    default Thread startBusy(String name, Runnable body) {
        return startBlocking(name, body);
    }

    /** The JVM's threads. */
    static Threads system() {
        return SystemThreads.INSTANCE;
    }

    /** Virtual threads on the JVM's scheduler, daemon platform threads. */
    enum SystemThreads implements Threads {
        INSTANCE;

        @Override
        public Thread start(String name, Runnable body) {
            return Thread.ofVirtual().name(name).start(body);
        }

        @Override
        public Thread startBlocking(String name, Runnable body) {
            return Thread.ofPlatform().daemon().name(name).start(body);
        }
    }
}
