package io.milena.network;

import io.milena.runtime.Cancellation;
import java.util.function.BooleanSupplier;

/**
 * The reader or the writer of a connection, which goes from thread to thread between two frames or replies: while the connection is busy, to one of the few {@link BusyThreads}, and back. It is on one
 * thread at a time, and what it did on the last one is seen on the next.
 */
final class Side {
    private final String name;
    private final Work work;
    private final BooleanSupplier isBusy;
    private final BusyThreads busyThreads;
    private final Cancellation cancellation;
    private boolean isOver;

    /** What it does. */
    @FunctionalInterface
    interface Work {
        /**
         * Goes on until it is over, or does not stay.
         *
         * @param stays asked before each frame or reply
         * @return whether it is over
         */
        boolean isOverAfter(BooleanSupplier stays);
    }

    Side(String name, Work work, BooleanSupplier isBusy, BusyThreads busyThreads, Cancellation cancellation) {
        this.name = name;
        this.work = work;
        this.isBusy = isBusy;
        this.busyThreads = busyThreads;
        this.cancellation = cancellation;
    }

    /** Called on the virtual thread of the connection; its whole life. */
    void run() {
        while (!isOver) {
            if (!isBusy.getAsBoolean() || !busyThreads.run(name + "-busy", () -> goOn(isBusy))) {
                goOn(() -> !(isBusy.getAsBoolean() && busyThreads.hasFree()));
            }
        }
    }

    private void goOn(BooleanSupplier stays) {
        isOver = true; // if it fails
        cancellation.run(() -> isOver = work.isOverAfter(stays));
    }
}
