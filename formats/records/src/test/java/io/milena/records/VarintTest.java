package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Zigzag varints, against Kafka's own. */
class VarintTest {
    private static LongStream numbers() {
        LongStream edges =
                LongStream.range(0, 64).flatMap(bit -> LongStream.of(1L << bit, (1L << bit) - 1, -(1L << bit)));
        return LongStream.concat(edges, new Random(1).longs(10_000).map(number -> number >> (number & 63)));
    }

    @Test
    void longsAreWrittenAndReadAsKafkaDoes() {
        numbers().forEach(number -> {
            ByteBuffer theirs = ByteBuffer.allocate(10);
            ByteUtils.writeVarlong(number, theirs);
            ByteBuffer ours = ByteBuffer.allocate(10);
            Varint.writeLong(ours, number);
            assertEquals(theirs.flip(), ours.flip(), Long.toString(number));
            assertEquals(ours.remaining(), Varint.sizeOf(number));
            assertEquals(number, Varint.readLong(ours));
        });
    }

    @Test
    void intsAreWrittenAndReadAsKafkaDoes() {
        numbers().mapToInt(number -> (int) number).forEach(number -> {
            ByteBuffer theirs = ByteBuffer.allocate(5);
            ByteUtils.writeVarint(number, theirs);
            ByteBuffer ours = ByteBuffer.allocate(5);
            Varint.writeInt(ours, number);
            assertEquals(theirs.flip(), ours.flip(), Integer.toString(number));
            assertEquals(ours.remaining(), Varint.sizeOf(number));
            assertEquals(number, Varint.readInt(ours));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "-1, 01",
        "1, 02",
        "63, 7e",
        "-64, 7f",
        "64, 8001",
        "-65, 8101",
        "8191, fe7f",
        "8192, 808001",
        "2147483647, feffffff0f",
        "-2147483648, ffffffff0f",
    })
    void theBytesOfAnIntAreKnown(int number, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer written = ByteBuffer.allocate(5);
        Varint.writeInt(written, number);
        assertEquals(ByteBuffer.wrap(bytes), written.flip());
        assertEquals(number, Varint.readInt(ByteBuffer.wrap(bytes)));
        assertEquals(number, Varint.readLong(ByteBuffer.wrap(bytes)));
        assertEquals(bytes.length, Varint.sizeOf(number));
        assertEquals(bytes.length, Varint.sizeOf((long) number));
    }

    @ParameterizedTest
    @CsvSource({
        "4294967295, feffffff1f",
        "9223372036854775807, feffffffffffffffff01",
        "-9223372036854775808, ffffffffffffffffff01",
    })
    void theBytesOfALongAreKnown(long number, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer written = ByteBuffer.allocate(10);
        Varint.writeLong(written, number);
        assertEquals(ByteBuffer.wrap(bytes), written.flip());
        assertEquals(number, Varint.readLong(ByteBuffer.wrap(bytes)));
        assertEquals(bytes.length, Varint.sizeOf(number));
    }

    @Test
    void randomBytesAreReadOrRefusedAsByKafka() {
        Random random = new Random(2);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                for (int i = 0; i < bytes.length - 1; i++) {
                    bytes[i] |= (byte) 0x80;
                }
            }
            String hex = HexFormat.of().formatHex(bytes);
            assertEquals(
                    outcome(bytes, ByteUtils::readVarint, IllegalArgumentException.class),
                    outcome(bytes, Varint::readInt, InvalidRecordsException.class),
                    hex);
            assertEquals(
                    outcome(bytes, ByteUtils::readVarlong, IllegalArgumentException.class),
                    outcome(bytes, Varint::readLong, InvalidRecordsException.class),
                    hex);
        }
    }

    /** The number and where it ended, or how it was refused. */
    private static String outcome(
            byte[] bytes, Function<ByteBuffer, Number> reading, Class<? extends RuntimeException> refusal) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        try {
            Number number = reading.apply(from);
            return number + " in " + from.position();
        } catch (BufferUnderflowException e) {
            return "cut off";
        } catch (RuntimeException e) {
            assertEquals(refusal, e.getClass());
            return "refused";
        }
    }

    @Test
    void aNumberThatNeverEndsIsRefused() {
        byte[] endless = new byte[20];
        Arrays.fill(endless, (byte) 0x80);
        assertThrows(InvalidRecordsException.class, () -> Varint.readInt(ByteBuffer.wrap(endless)));
        assertThrows(InvalidRecordsException.class, () -> Varint.readLong(ByteBuffer.wrap(endless)));
    }
}
