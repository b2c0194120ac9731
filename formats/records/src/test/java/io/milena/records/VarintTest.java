package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;

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

    @Test
    void aNumberThatNeverEndsIsRefused() {
        byte[] endless = new byte[20];
        java.util.Arrays.fill(endless, (byte) 0x80);
        assertThrows(InvalidRecordsException.class, () -> Varint.readInt(ByteBuffer.wrap(endless)));
        assertThrows(InvalidRecordsException.class, () -> Varint.readLong(ByteBuffer.wrap(endless)));
    }
}
