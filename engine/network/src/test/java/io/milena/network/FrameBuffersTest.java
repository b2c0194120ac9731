package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Cancellation;
import io.milena.testkit.Arbitrary;
import io.milena.testkit.Seeds;
import io.milena.testkit.SimulatedEnvironment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory is bounded, whoever waits for it gets it in the end, and in order. Threads are simulated where somebody waits. */
@Timeout(120)
class FrameBuffersTest {
    private static final int KIB = 1024;

    private final SimulatedEnvironment world = new SimulatedEnvironment(1);

    @Test
    void aBufferHoldsWhatWasAskedForAndWastesAtMostAQuarter() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            int bytes = 1 + Arbitrary.size(random, Integer.MAX_VALUE - 1);
            int capacity = FrameBuffers.capacity(bytes);
            assertTrue(capacity >= bytes, () -> capacity + " for " + bytes);
            assertTrue(bytes <= 4 * KIB || capacity <= bytes * 1.25, () -> capacity + " for " + bytes);
            assertEquals(capacity, FrameBuffers.capacity(capacity), () -> "again for " + bytes);
        }
        assertEquals(4 * KIB, FrameBuffers.capacity(1));
        assertEquals(5 * KIB, FrameBuffers.capacity(4 * KIB + 1));
        assertEquals(Integer.MAX_VALUE, FrameBuffers.capacity(Integer.MAX_VALUE));
    }

    @Test
    void buffersAreUsedAgain() throws InterruptedException {
        FrameBuffers buffers = new FrameBuffers(100 * KIB);
        FrameBuffers.Lease first = buffers.take(10_000);
        ByteBuffer memory = first.buffer().putInt(1);
        first.close();
        try (FrameBuffers.Lease second = buffers.take(9_900)) {
            assertSame(memory, second.buffer());
            assertEquals(0, memory.position());
            assertEquals(9_900, memory.limit());
        }
        assertThrows(IllegalStateException.class, first::buffer);
    }

    @Test
    void memoryIsCountedWhileItIsHeld() throws InterruptedException {
        FrameBuffers buffers = new FrameBuffers(100 * KIB);
        try (FrameBuffers.Lease small = buffers.take(1);
                FrameBuffers.Lease large = buffers.take(20 * KIB)) {
            assertEquals(24 * KIB, buffers.bytesInUse());
            small.grow(8 * KIB);
            assertEquals(28 * KIB, buffers.bytesInUse());
            large.grow(20 * KIB);
            assertEquals(28 * KIB, buffers.bytesInUse());
        }
        assertEquals(0, buffers.bytesInUse());
    }

    @Test
    void whatWasReadStaysWhenAFrameGrows() throws InterruptedException {
        FrameBuffers buffers = new FrameBuffers(100 * KIB);
        byte[] content = Arbitrary.bytes(new Random(2), 50_000);
        try (FrameBuffers.Lease frame = buffers.take(1_000)) {
            frame.buffer().put(content, 0, 1_000);
            frame.grow(4_000);
            frame.buffer().put(content, 1_000, 3_000);
            frame.grow(50_000);
            frame.buffer().put(content, 4_000, 46_000);
            assertEquals(ByteBuffer.wrap(content), frame.buffer().flip());
        }
    }

    @Test
    void oneFrameLargerThanAllMemoryIsAdmittedAlone() throws InterruptedException {
        FrameBuffers buffers = new FrameBuffers(10 * KIB);
        FrameBuffers.Lease large = buffers.take(100 * KIB);
        AtomicBoolean isAdmitted = new AtomicBoolean();
        start(() -> buffers.take(1), isAdmitted);
        world.runFor(1_000);
        assertFalse(isAdmitted.get());
        large.close();
        world.runUntil(isAdmitted::get);
    }

    @Test
    void whoeverFindsTheBoundReachedWaitsInLine() throws InterruptedException {
        // Given
        FrameBuffers buffers = new FrameBuffers(32 * KIB);
        FrameBuffers.Lease first = buffers.take(16 * KIB);
        FrameBuffers.Lease second = buffers.take(16 * KIB);
        AtomicBoolean isLargeAdmitted = new AtomicBoolean();
        AtomicBoolean isSmallAdmitted = new AtomicBoolean();
        start(() -> buffers.take(32 * KIB), isLargeAdmitted);
        world.runFor(1_000);
        start(() -> buffers.take(4 * KIB), isSmallAdmitted);
        world.runFor(1_000);
        // When there is room for the second in line only
        first.close();
        world.runFor(1_000);
        // Then
        assertFalse(isLargeAdmitted.get());
        assertFalse(isSmallAdmitted.get(), "the small one has passed the large one");
        second.close();
        world.runUntil(isLargeAdmitted::get);
        world.runFor(1_000);
        assertFalse(isSmallAdmitted.get());
        assertEquals(32 * KIB, buffers.bytesInUse());
    }

    @Test
    void whoeverIsCancelledLeavesTheLine() throws InterruptedException {
        // Given
        FrameBuffers buffers = new FrameBuffers(32 * KIB);
        FrameBuffers.Lease first = buffers.take(20 * KIB);
        AtomicBoolean isLargeAdmitted = new AtomicBoolean();
        AtomicBoolean isSmallAdmitted = new AtomicBoolean();
        AtomicBoolean isCancelled = new AtomicBoolean();
        Cancellation cancellation = new Cancellation();
        world.environment()
                .threads()
                .start(
                        "large",
                        () -> cancellation.run(() -> {
                            try {
                                buffers.take(20 * KIB);
                                isLargeAdmitted.set(true);
                            } catch (InterruptedException e) {
                                isCancelled.set(true);
                            }
                        }));
        world.runFor(1_000);
        start(() -> buffers.take(4 * KIB), isSmallAdmitted);
        world.runFor(1_000);
        assertFalse(isSmallAdmitted.get());
        // When
        cancellation.request();
        world.runUntil(isSmallAdmitted::get);
        // Then
        assertTrue(isCancelled.get());
        assertFalse(isLargeAdmitted.get());
        assertEquals(24 * KIB, buffers.bytesInUse());
        first.close();
    }

    @Test
    void oneFrameAtATimeMayGrowBeyondTheBound() throws InterruptedException {
        // Given
        FrameBuffers buffers = new FrameBuffers(32 * KIB);
        FrameBuffers.Lease first = buffers.take(16 * KIB);
        FrameBuffers.Lease second = buffers.take(16 * KIB);
        // When
        first.grow(64 * KIB);
        AtomicBoolean hasGrown = new AtomicBoolean();
        start(
                () -> {
                    second.grow(32 * KIB);
                    return second;
                },
                hasGrown);
        world.runFor(1_000);
        // Then
        assertFalse(hasGrown.get());
        first.grow(128 * KIB);
        assertEquals(144 * KIB, buffers.bytesInUse());
        first.close();
        world.runUntil(hasGrown::get);
        assertEquals(32 * KIB, buffers.bytesInUse());
    }

    @Test
    void everyFrameIsCompletedAndTheBoundHoldsForEverySeed() {
        Seeds.each(FrameBuffersTest.class, 100, FrameBuffersTest::crowd);
    }

    private static void crowd(long seed) {
        SimulatedEnvironment world = new SimulatedEnvironment(seed);
        RandomGenerator random = world.random();
        int bound = 1 + random.nextInt(200 * KIB);
        int frameBytesMax = 1 + random.nextInt(100 * KIB);
        FrameBuffers buffers = new FrameBuffers(bound);
        AtomicInteger done = new AtomicInteger();
        int clients = 2 + random.nextInt(10);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            RandomGenerator own = world.random();
            world.environment().threads().start("client", () -> {
                try {
                    for (int frame = 0; frame < 5; frame++) {
                        int bytes = 1 + Arbitrary.size(own, frameBytesMax - 1);
                        long inUse = complete(world, buffers, own, bytes);
                        if (inUse > bound + FrameBuffers.capacity(frameBytesMax)) {
                            wrong.add(inUse + " bytes are in use");
                        }
                    }
                } catch (InterruptedException e) {
                    wrong.add(e.toString());
                }
                done.incrementAndGet();
            });
        }
        world.runUntil(() -> done.get() == clients);
        assertEquals(List.of(), wrong);
        assertEquals(0, buffers.bytesInUse());
    }

    /** Reads a frame in pieces and handles it, as slowly as the seed says; tells the most bytes that it saw in use. */
    private static long complete(SimulatedEnvironment world, FrameBuffers buffers, RandomGenerator random, int bytes)
            throws InterruptedException {
        try (FrameBuffers.Lease frame = buffers.take(1 + random.nextInt(bytes))) {
            long inUse = buffers.bytesInUse();
            while (frame.buffer().limit() < bytes) {
                world.clock().sleepMs(random.nextInt(20));
                frame.buffer().position(frame.buffer().limit());
                frame.grow((int) Math.min(bytes, 4L * frame.buffer().position()));
                inUse = Math.max(inUse, buffers.bytesInUse());
            }
            world.clock().sleepMs(random.nextInt(20));
            return Math.max(inUse, buffers.bytesInUse());
        }
    }

    /** What may have to wait. */
    private interface Waiting {
        FrameBuffers.Lease lease() throws InterruptedException;
    }

    private void start(Waiting waiting, AtomicBoolean isDone) {
        world.environment().threads().start("waiting", () -> {
            try {
                waiting.lease();
                isDone.set(true);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
