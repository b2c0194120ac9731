package io.milena.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Arbitrary;
import io.milena.testkit.HandClock;
import io.milena.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames come out as they went in, however the network cuts them, and cost no more memory than was really sent. */
@Timeout(120)
class FrameReaderTest {
    private static final int FRAME_BYTES_MAX = 2_000_000;

    private final FrameBuffers buffers = new FrameBuffers(1L << 30);
    private final ConnectionStatistics statistics = new ConnectionStatistics();

    private FrameReader reader(Feed feed) {
        return new FrameReader(feed, buffers, new Activity(new HandClock()), statistics, FRAME_BYTES_MAX);
    }

    private static byte[] next(FrameReader frames) throws IOException, InterruptedException {
        try (FrameBuffers.Lease frame = frames.next()) {
            assertNotNull(frame);
            assertEquals(0, frame.buffer().position());
            byte[] content = new byte[frame.buffer().remaining()];
            frame.buffer().get(content);
            return content;
        }
    }

    private static byte[] stream(List<byte[]> frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            bytes.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(frame.length).array());
            bytes.writeBytes(frame);
        }
        return bytes.toByteArray();
    }

    @Test
    void framesComeOutAsTheyWentInForEverySeed() {
        Seeds.each(FrameReaderTest.class, 50, seed -> {
            Random random = new Random(seed);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int bytesMax = random.nextInt(4) == 0 ? FRAME_BYTES_MAX : 10_000;
                sent.add(Arbitrary.bytes(random, 1 + Arbitrary.size(random, bytesMax - 1)));
            }
            FrameReader frames = reader(new Feed(stream(sent), random));
            try {
                for (byte[] frame : sent) {
                    assertArrayEquals(frame, next(frames));
                }
                assertNull(frames.next());
            } catch (IOException | InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
            }
            assertEquals(0, buffers.bytesInUse());
        });
    }

    @Test
    void aFrameIsCutAtAnyByte() throws Exception {
        byte[] whole = stream(List.of(new byte[] {1, 2, 3}, new byte[] {4, 5, 6, 7}));
        for (int length = 0; length < whole.length; length++) {
            FrameReader frames = reader(new Feed(Arrays.copyOf(whole, length), new Random(length)));
            if (length >= 7) {
                assertArrayEquals(new byte[] {1, 2, 3}, next(frames));
            }
            if (length == 0 || length == 7) {
                assertNull(frames.next());
            } else {
                assertThrows(EOFException.class, frames::next, "cut at " + length);
            }
            assertEquals(0, buffers.bytesInUse());
        }
    }

    @Test
    void aWrongSizeIsRefusedBeforeMemoryIsTaken() {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE, FRAME_BYTES_MAX + 1, Integer.MAX_VALUE}) {
            byte[] bytes = ByteBuffer.allocate(8_000).putInt(size).array();
            Feed feed = new Feed(bytes, new Random(size));
            CloseConnection refusal = assertThrows(CloseConnection.class, reader(feed)::next);
            assertTrue(refusal.toString().contains(size + " bytes"), refusal::toString);
            assertTrue(feed.remaining() >= 8_000 - 2 * 1024, "nothing is read that did not come with the size");
            assertEquals(0, buffers.bytesInUse());
        }
        assertEquals(0, statistics.requests());
    }

    @Test
    void aPromiseIsWorthNoMoreThanFourTimesWhatCame() {
        // Given a client that promises two megabytes
        for (int sent : new int[] {1, 60_000, 70_000, 300_000, 1_200_000}) {
            byte[] bytes = ByteBuffer.allocate(Integer.BYTES + sent)
                    .putInt(FRAME_BYTES_MAX)
                    .array();
            long[] most = new long[1];
            Feed feed = new Feed(bytes, new Random(sent)) {
                @Override
                public int read(ByteBuffer into) {
                    most[0] = Math.max(most[0], buffers.bytesInUse());
                    return super.read(into);
                }
            };
            // When it leaves early
            assertThrows(EOFException.class, reader(feed)::next);
            // Then
            long fair = Math.max(FrameReader.FIRST_BYTES, 4L * sent);
            assertTrue(most[0] <= fair * 1.25, most[0] + " bytes for " + sent);
            assertEquals(0, buffers.bytesInUse());
        }
    }

    @Test
    void whoHasSentALargeFrameGetsMemoryForTheNextAtOnce() throws Exception {
        byte[] large = Arbitrary.bytes(new Random(1), FRAME_BYTES_MAX);
        List<Long> inUse = new ArrayList<>();
        Feed feed = new Feed(stream(List.of(large, large)), new Random(2)) {
            @Override
            public int read(ByteBuffer into) {
                inUse.add(buffers.bytesInUse());
                return super.read(into);
            }
        };
        FrameReader frames = reader(feed);
        next(frames);
        assertTrue(inUse.stream().distinct().count() > 2, "the first one grows");
        inUse.clear();
        next(frames);
        assertEquals(
                List.of(0L, (long) FrameBuffers.capacity(FRAME_BYTES_MAX)),
                inUse.stream().distinct().toList());
    }

    @Test
    void wholeFramesAndAllBytesAreCounted() throws Exception {
        byte[] bytes = stream(List.of(new byte[10], new byte[20], new byte[30]));
        FrameReader frames = reader(new Feed(Arrays.copyOf(bytes, bytes.length - 1), new Random(1)));
        next(frames);
        next(frames);
        assertThrows(EOFException.class, frames::next);
        assertEquals(2, statistics.requests());
        assertEquals(bytes.length - 1, statistics.bytesIn());
    }
}
