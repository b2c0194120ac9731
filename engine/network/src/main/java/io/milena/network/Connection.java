package io.milena.network;

import io.milena.protocol.Payload;
import io.milena.runtime.Cancellation;
import io.milena.runtime.Threads;
import io.milena.runtime.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * One client. {@link #serve} is the life of its reader, which starts the writer, outlives it and cleans up. Whichever of the two fails first closes the transport, and so ends the other. Each has a virtual thread
 * and, while the client asks quickly, one of the few {@link BusyThreads} in its place.
 */
final class Connection {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    private static final int REPLIES_MAX = 64;

    /** A client whose requests came one by one mostly and so often waits for each answer before it goes on. */
    private static final int ONE_BY_ONE_MIN = 16;

    /** After so many waits the system is asked whether more has arrived meanwhile: what it takes to tell is a twelfth of what a short request costs. */
    private static final int LOOK_EVERY = 8;

    /** Replies that are ready leave together up to here. */
    private static final int COALESCED_BYTES = 64 * 1024;

    /** What the writer is told among the replies. */
    private enum Note implements Reply {
        /** Behind the last reply. */
        END,
        /** The client asks quickly no more: who waits for a reply does so on a virtual thread. */
        SLOWER;

        @Override
        public List<Payload> await() {
            return List.of();
        }
    }

    private final Transport transport;
    private final FrameHandler handler;
    private final FrameReader frames;
    private final PayloadWriter payloads;
    private final Activity activity;
    private final Pace pace;
    private final Cancellation cancellation = new Cancellation();
    private final BlockingQueue<Reply> replies = new ArrayBlockingQueue<>(REPLIES_MAX);

    /** Frames taken whose replies are not written yet. Up by the reader, down by whoever writes. */
    private final AtomicInteger outstanding = new AtomicInteger();

    /** How many requests came when nothing was outstanding; halved by each other one. Used by the reader only. */
    private int oneByOne;

    /** Whether requests come quickly. Set by the reader. */
    private volatile boolean isBusy;

    private volatile boolean isFinishing;
    private volatile boolean isWriterGone;

    Connection(
            Transport transport,
            FrameHandler handler,
            FrameReader frames,
            PayloadWriter payloads,
            Activity activity,
            Pace pace) {
        this.transport = transport;
        this.handler = handler;
        this.frames = frames;
        this.payloads = payloads;
        this.activity = activity;
        this.pace = pace;
    }

    /** Serves the client until it is gone; nothing of the connection is left then. */
    void serve(Threads threads, BusyThreads busyThreads, String name) {
        Side writer = new Side(name + "-writer", this::write, () -> isBusy, busyThreads, cancellation);
        Side reader = new Side(name, this::read, () -> isBusy, busyThreads, cancellation);
        Thread writing = threads.start(name + "-writer", writer::run);
        reader.run();
        close();
        try {
            replies.put(Note.END);
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            handler.close();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Forgetting the connection of " + transport.remoteAddress() + " failed", e);
        }
    }

    boolean isStale(long idleNanos) {
        return activity.isStale(idleNanos);
    }

    /** Takes no further frame, and ends the connection when what was taken is answered. */
    void finish() {
        isFinishing = true;
        if (outstanding.get() == 0) {
            closeTransport();
        }
    }

    /** Ends the connection now: both threads stop waiting, what is not answered yet is not answered any more. */
    void close() {
        cancellation.request();
        closeTransport();
    }

    private void closeTransport() {
        try {
            transport.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Closing the connection of {0}: {1}", transport.remoteAddress(), e.getMessage());
        }
    }

    /** @return whether it is over */
    private boolean read(BooleanSupplier stays) {
        try {
            boolean isThere = true;
            while (isThere && !isFinishing && stays.getAsBoolean()) {
                isThere = takeFrame();
                notePace(pace.isQuickWithThisOne());
            }
            if (isThere && !isFinishing) {
                return false;
            }
            if (isFinishing) {
                answerWhatIsDue();
            }
        } catch (UnreadableFileException e) {
            report(e);
        } catch (HandshakeException e) {
            LOG.log(Level.WARNING, "Closing the connection of {0}: {1}", transport.remoteAddress(), e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The connection of {0} is gone: {1}", transport.remoteAddress(), e.getMessage());
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "The connection of {0} is closed", transport.remoteAddress());
        } catch (RuntimeException | Error e) {
            report(e);
            answerWhatIsDue();
        }
        return true;
    }

    private void notePace(boolean isQuick) {
        if (isQuick == isBusy) {
            return;
        }
        isBusy = isQuick;
        if (!isQuick) {
            boolean _ = replies.offer(Note.SLOWER); // where there is no room the writer does not wait
        }
    }

    private boolean takeFrame() throws IOException, InterruptedException {
        Reply reply;
        try (FrameBuffers.Lease frame = frames.next()) {
            if (frame == null) {
                return false;
            }
            outstanding.incrementAndGet();
            if (isFinishing) {
                return false;
            }
            reply = handler.handle(frame.buffer());
        }
        deliver(reply);
        return true;
    }

    private void deliver(Reply reply) throws IOException, InterruptedException {
        boolean isAlone = outstanding.get() == 1;
        oneByOne = isAlone ? oneByOne + 1 : oneByOne / 2; // a quick client asks again before the writer has counted
        if (isAlone && reply instanceof Reply.Ready ready) {
            // Nothing is before it, so the writer rests and this thread may write.
            payloads.write(ready.parts());
            answered(1);
        } else if (isAlone && oneByOne > ONE_BY_ONE_MIN && reply.isSoon() && !frames.hasReadMore()) {
            answerOneByOne(reply);
        } else {
            replies.put(reply);
            if (isWriterGone) {
                dropReplies();
            }
        }
    }

    /** Waking the writer would take longer. Who sends more meanwhile is not one who waits. */
    private void answerOneByOne(Reply reply) throws IOException, InterruptedException {
        List<Payload> parts = reply.await();
        if (oneByOne % LOOK_EVERY == 0 && frames.hasMore()) {
            oneByOne = 0;
        }
        payloads.write(parts);
        answered(1);
    }

    private void report(Throwable failure) {
        if (failure instanceof CloseConnection) {
            LOG.log(
                    Level.WARNING,
                    "Closing the connection of {0}: {1}",
                    transport.remoteAddress(),
                    failure.getMessage());
        } else {
            LOG.log(
                    Level.ERROR,
                    "Closing the connection of " + transport.remoteAddress() + " after an unexpected failure",
                    failure);
        }
    }

    /** Lets the writer finish. What the client sends meanwhile is thrown away; if it leaves, nothing is due any more. */
    private void answerWhatIsDue() {
        try {
            replies.put(Note.END);
            ByteBuffer thrownAway = ByteBuffer.allocate(1024);
            while (!isWriterGone && transport.read(thrownAway.clear()) >= 0) {}
        } catch (IOException e) {
            LOG.log(Level.TRACE, "The connection of {0} is closed", transport.remoteAddress());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether it is over */
    private boolean write(BooleanSupplier stays) {
        boolean goesOn = false;
        try {
            goesOn = sendWhile(stays);
        } catch (UnreadableFileException e) {
            report(e);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Cannot answer {0}: {1}", transport.remoteAddress(), e.getMessage());
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "What {0} waited for is given up", transport.remoteAddress());
        } catch (RuntimeException | Error e) {
            report(e);
        } finally {
            if (!goesOn) {
                isWriterGone = true;
                dropReplies();
                closeTransport();
            }
        }
        return !goesOn;
    }

    /** @return false behind the last reply */
    private boolean sendWhile(BooleanSupplier stays) throws IOException, InterruptedException {
        while (stays.getAsBoolean()) {
            Reply reply = replies.take();
            if (reply == Note.END) {
                return false;
            }
            if (reply != Note.SLOWER) {
                send(reply);
            }
        }
        return true;
    }

    private void send(Reply first) throws IOException, InterruptedException {
        activity.writes(Activity.Writing.AWAITS_REPLY);
        List<Payload> parts = new ArrayList<>(first.await());
        int answers = 1;
        try {
            for (long bytes = sizeInBytes(parts); bytes < COALESCED_BYTES && isNextReady(); answers++) {
                List<Payload> more = replies.remove().await();
                parts.addAll(more);
                bytes += sizeInBytes(more);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            answerBefore(e, parts, answers);
            throw e;
        }
        answer(parts, answers);
    }

    private void answer(List<Payload> parts, int answers) throws IOException {
        payloads.write(parts);
        activity.writes(Activity.Writing.RESTS);
        answered(answers);
    }

    /** What is before a reply that fails is answered. */
    private void answerBefore(Throwable failure, List<Payload> parts, int answers) {
        try {
            answer(parts, answers);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private boolean isNextReady() {
        Reply next = replies.peek();
        return next != null && next.isReady();
    }

    private static long sizeInBytes(List<Payload> parts) {
        long bytes = 0;
        for (Payload part : parts) {
            bytes += part.sizeInBytes();
        }
        return bytes;
    }

    private void answered(int count) {
        if (outstanding.addAndGet(-count) == 0 && isFinishing) {
            closeTransport();
        }
    }

    private void dropReplies() {
        for (Reply reply = replies.poll(); reply != null; reply = replies.poll()) {
            reply.drop();
        }
    }
}
