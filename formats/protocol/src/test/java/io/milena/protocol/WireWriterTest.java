package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireWriterTest {
    @Test
    void writesMoreThanOneChunkHolds() {
        WireWriter out = new WireWriter();
        int numbers = 100_000;
        for (int i = 0; i < numbers; i++) {
            out.int32(i);
        }
        assertEquals(numbers * Integer.BYTES, out.sizeInBytes());
        ByteBuffer written = out.toBuffer();
        for (int i = 0; i < numbers; i++) {
            assertEquals(i, written.getInt());
        }
        assertEquals(0, written.remaining());
    }

    @Test
    void writesWhatIsLongerThanAnyChunk() {
        byte[] large = new byte[200_000];
        large[199_999] = 7;
        WireWriter out = new WireWriter();
        out.bytes(ByteBuffer.wrap(large), true);
        out.int8((byte) 1);
        WireReader in = new WireReader(out.toBuffer());
        assertArrayEquals(large, Twin.bytes(in.bytes(true)));
        assertEquals(1, in.int8());
    }

    @Test
    void recordsBecomePartsOfTheirOwn() {
        Payload.InMemory records = new Payload.InMemory(ByteBuffer.allocate(5000));
        WireWriter out = new WireWriter();
        out.int16((short) 1);
        out.records(records, false);
        out.int16((short) 2);
        out.records(records, false);

        List<Payload> parts = out.parts();
        assertEquals(4, parts.size());
        assertEquals(6, parts.get(0).sizeInBytes());
        assertSame(records, parts.get(1));
        assertEquals(6, parts.get(2).sizeInBytes());
        assertSame(records, parts.get(3));
        assertEquals(10_012, out.sizeInBytes());
    }

    @Test
    void smallRecordsAreCopiedAndStayWhereTheyWere() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
        WireWriter out = new WireWriter();
        out.records(new Payload.InMemory(bytes), true);
        assertEquals(3, bytes.remaining());
        assertArrayEquals(new byte[] {4, 1, 2, 3}, Twin.bytes(out.toBuffer()));
    }

    @Test
    void recordsInFilesStayThere(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("segment"), new byte[] {1, 2, 3});
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Payload.InFile inFile = new FileSlice(channel, 1, 2);
            WireWriter out = new WireWriter();
            out.records(inFile, false);
            out.int8((byte) 9);
            assertEquals(7, out.sizeInBytes());
            assertSame(inFile, out.parts().get(1));
            assertInstanceOf(Payload.InMemory.class, out.parts().get(2));
            assertThrows(IllegalStateException.class, out::toBuffer);
        }
    }

    private record FileSlice(FileChannel channel, long position, int sizeInBytes) implements Payload.InFile {
        @Override
        public int bytesAtOnce() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void prepare(long from, long count) {}

        @Override
        public void release() {}
    }

    @Test
    void varintsAreAsShortAsTheyCanBe() {
        WireWriter out = new WireWriter();
        out.unsignedVarint(127);
        out.unsignedVarint(128);
        out.unsignedVarint(-1);
        assertArrayEquals(new byte[] {0x7f, (byte) 0x80, 1, -1, -1, -1, -1, 0x0f}, Twin.bytes(out.toBuffer()));
    }

    @Test
    void refusesAStringThatNoReaderTakes() {
        String longest = "x".repeat(Short.MAX_VALUE);
        WireWriter out = new WireWriter();
        out.string(longest, true);
        assertEquals(longest, new WireReader(out.toBuffer()).string(true));
        assertThrows(IllegalArgumentException.class, () -> new WireWriter().string(longest + "x", true));
    }
}
