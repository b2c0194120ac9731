package io.milena.embedded;

import io.milena.runtime.Environment;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The time of embedded brokers, in the hands of a test: what takes them days happens when the test says so.
 *
 * <pre>{@code
 * VirtualTime time = VirtualTime.running();
 * try (Milena milena = Milena.configure().time(time).start()) {
 *     // ... records in a topic with retention.ms of a week
 *     time.advance(Duration.ofDays(8));   // they are deleted when this returns
 * }
 * }</pre>
 *
 * <p>It begins with the time of the machine. {@linkplain #running() Running}, it goes on as fast as that, and {@link #advance} takes it further: nothing else differs from a broker without it. {@linkplain #held() Held}, it stands
 * still: no session, no transaction and no long poll ends until the test advances it, however long that thinks, or somebody looks at it in a debugger. While a broker is started, stopped, killed or closed it runs, since those wait for what takes time.
 *
 * <p>Only brokers live in it. Clients, the network and the disk are in real time: see {@link #advance}.
 *
 * <p>Safe for use by many threads; several brokers and clusters may share one.
 */
public final class VirtualTime {
    /** What happens within so long of each other happens at once. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long NANOS_IN_STEPS = TimeUnit.SECONDS.toNanos(30);
    private static final long LEAPS_MAX = 20;
    private static final int STEP_STRICT_LOOKS = 150;
    private static final long STEP_PATIENCE_MS = 1_000;
    private static final int END_STRICT_LOOKS = 7_500;
    private static final long END_PATIENCE_MS = 10_000;

    private final HeldClock clock = new HeldClock();
    private final ListedThreads threads = new ListedThreads();
    private final Rest rest = new Rest(clock, threads);
    private final Environment environment = new Environment(clock, threads, new SecureRandom());
    /** Held by the thread that advances. */
    private final Object turn = new Object();

    private boolean isHeld;
    private boolean isAdvancing;
    /** How many threads wait for what takes time. */
    private int waiting;

    private long inStepsNanos = NANOS_IN_STEPS;

    private VirtualTime(boolean isHeld) {
        this.isHeld = isHeld;
        show();
    }

    /** Time that runs as the machine's does. */
    public static VirtualTime running() {
        return new VirtualTime(false);
    }

    /** Time that stands still until it is advanced. */
    public static VirtualTime held() {
        return new VirtualTime(true);
    }

    /** What the brokers' clocks show. */
    public Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    public synchronized boolean isHeld() {
        return isHeld;
    }

    /** Stands still from now on. */
    public synchronized void hold() {
        isHeld = true;
        show();
    }

    /** Runs as the machine's time does from now on. */
    public synchronized void release() {
        isHeld = false;
        show();
    }

    /**
     * Lets time pass, and returns when the brokers have done what was due: they all wait again for time, for clients, or for what does not come.
     *
     * <p>The last half minute passes in small steps, from one moment for which a broker waits to the next, so brokers go on sending heartbeats to each other, and only those that are cut off are given up. What is before that passes in up to 20
     * leaps, each as a machine that was asleep for so long would see it: what ended meanwhile ends now, in its order, and brokers give each other a session anew.
     *
     * <p>To clients no time passes. A member of a group that is well loses its session, as all others do, where more is advanced than its {@code session.timeout.ms}: it has not sent a heartbeat for so long. (It joins again by itself.) The same is true of
     * open transactions and of connections that are idle. Records carry the time of their client's machine, unless {@link #now} was given with them or their topic has {@code message.timestamp.type=LogAppendTime}: what is
     * sent after a week was advanced is a week old. A client's own limits, such as {@code request.timeout.ms} or the time that {@code poll} is given, are not reached any sooner. A fetch with {@code fetch.min.bytes} beyond what is there waits for
     * its {@code fetch.max.wait.ms} in the broker's time: while that is held, until it is advanced.
     *
     * @throws IllegalArgumentException if the duration is negative: time does not run backwards
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards: " + duration);
        }
        synchronized (turn) {
            setAdvancing(true);
            try {
                rest.await(STEP_STRICT_LOOKS, STEP_PATIENCE_MS);
                pass(duration.toNanos());
                rest.await(END_STRICT_LOOKS, END_PATIENCE_MS);
            } finally {
                setAdvancing(false);
            }
        }
    }

    private void pass(long durationNanos) {
        long stepsNanos = inSteps();
        long leaps = Math.min(LEAPS_MAX, (durationNanos - stepsNanos) / stepsNanos);
        long leftNanos = durationNanos;
        for (long leap = 0; leap < leaps; leap++) {
            long leapNanos = (durationNanos - stepsNanos) / leaps;
            leftNanos -= move(leapNanos);
        }
        while (leftNanos > 0) {
            OptionalLong next = clock.untilNextNanos();
            long stepNanos = next.isEmpty() ? leftNanos : Math.max(STEP_NANOS, next.getAsLong());
            leftNanos -= move(Math.min(stepNanos, leftNanos));
        }
    }

    private long move(long nanos) {
        clock.advance(nanos);
        while (clock.wakeFirst(STEP_NANOS)) {
            rest.await(STEP_STRICT_LOOKS, STEP_PATIENCE_MS);
        }
        return nanos;
    }

    private synchronized long inSteps() {
        return inStepsNanos;
    }

    private synchronized void setAdvancing(boolean advancing) {
        isAdvancing = advancing;
        show();
    }

    private void show() {
        if (isAdvancing || (isHeld && waiting == 0)) {
            clock.stop();
        } else {
            clock.run();
        }
    }

    Environment environment() {
        return environment;
    }

    /** The calling thread waits for what takes time: time runs until its {@link #endWait}. */
    synchronized void beginWait() {
        waiting++;
        show();
    }

    synchronized void endWait() {
        waiting--;
        show();
    }

    /**
     * Brokers that watch each other live in it.
     *
     * @param patienceMs after how long of silence one of them is given up; much more than that passes in steps
     */
    synchronized void join(Links links, long patienceMs) {
        rest.watch(links);
        inStepsNanos = Math.max(inStepsNanos, TimeUnit.MILLISECONDS.toNanos(2 * patienceMs));
    }

    void leave(Links links) {
        rest.forget(links);
    }
}
