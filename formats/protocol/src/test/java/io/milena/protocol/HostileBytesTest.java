package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that no honest peer sends, for every message and record in every version. */
class HostileBytesTest {
    private static final long SEED = 7;
    /** What one reading may allocate at most: what loading its classes takes, an exception, and a multiple of what was sent. */
    private static final long ALLOCATED_BYTES_FIXED = 500_000;

    private static final long ALLOCATED_BYTES_PER_BYTE = 200;

    /** Lengths that are larger than any buffer here: int16, int32, a varint, and as many elements as are allowed. */
    private static final List<byte[]> LENGTHS = List.of(
            new byte[] {0x7f, (byte) 0xff},
            new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff},
            new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07},
            new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
            new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff},
            new byte[] {0x00, 0x0f, 0x42, 0x40},
            new byte[] {(byte) 0xc1, (byte) 0x84, 0x3d});

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static List<Twin> twins() {
        return Twin.all();
    }

    @ParameterizedTest
    @MethodSource("twins")
    void everyCutIsNoticed(Twin twin) {
        SplittableRandom random = new SplittableRandom(SEED);
        Specimens specimens = new Specimens(twin, SEED);
        for (short version = twin.lowestVersion(); version <= twin.highestVersion(); version++) {
            byte[] whole = Twin.writeTheirs(specimens.fitting(version), version);
            for (int round = 0; round < 20 && whole.length > 0; round++) {
                byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
                short cutVersion = version;
                assertThrows(
                        MalformedMessageException.class,
                        () -> twin.read(new WireReader(ByteBuffer.wrap(cut)), cutVersion));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("twins")
    void damageIsReadOrRefused(Twin twin) {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        Specimens specimens = new Specimens(twin, SEED + 1);
        for (short version = twin.lowestVersion(); version <= twin.highestVersion(); version++) {
            byte[] whole = Twin.writeTheirs(specimens.fitting(version), version);
            for (int round = 0; round < 20; round++) {
                byte[] damaged = whole.clone();
                for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                read(twin, damaged, version);
                byte[] noise = new byte[random.nextInt(64)];
                random.nextBytes(noise);
                read(twin, noise, version);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("twins")
    void aDeclaredLengthAllocatesNothing(Twin twin) {
        SplittableRandom random = new SplittableRandom(SEED + 2);
        Specimens specimens = new Specimens(twin, SEED + 2);
        for (short version = twin.lowestVersion(); version <= twin.highestVersion(); version++) {
            byte[] whole = Twin.writeTheirs(specimens.fitting(version), version);
            for (byte[] length : LENGTHS) {
                for (int round = 0; round < 4; round++) {
                    int at = round == 0 ? 0 : random.nextInt(whole.length + 1);
                    byte[] hostile = Arrays.copyOf(whole, Math.max(whole.length, at + length.length));
                    System.arraycopy(length, 0, hostile, at, length.length);
                    read(twin, hostile, version);
                }
            }
        }
    }

    /** The reader's own error is an answer; any other fails the test, and so does an allocation out of proportion. */
    private static void read(Twin twin, byte[] bytes, short version) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            twin.read(new WireReader(ByteBuffer.wrap(bytes)), version);
        } catch (MalformedMessageException expected) {
            assertTrue(expected.getMessage() != null);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(
                allocated < ALLOCATED_BYTES_FIXED + ALLOCATED_BYTES_PER_BYTE * bytes.length,
                () -> twin + " " + version + " allocated " + allocated + " bytes for " + bytes.length);
    }
}
