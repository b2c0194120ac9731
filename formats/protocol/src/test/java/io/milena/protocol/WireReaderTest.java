package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WireReaderTest {
    private static final short VERSION = 0;

    @Test
    void readsNumbersInNetworkOrder() {
        WireReader in = reader("01 ff 0102 ffff 01020304 ffffffff 0102030405060708 3ff8000000000000");
        assertTrue(in.bool());
        assertEquals(-1, in.int8());
        assertEquals(0x0102, in.int16());
        assertEquals(0xffff, in.uint16());
        assertEquals(0x01020304, in.int32());
        assertEquals(0xffff_ffffL, in.uint32());
        assertEquals(0x0102030405060708L, in.int64());
        assertEquals(1.5, in.float64());
        assertEquals(0, in.remaining());
    }

    @Test
    void readsVarintsOfUpToFiveBytes() {
        assertEquals(0, reader("00").unsignedVarint());
        assertEquals(300, reader("ac02").unsignedVarint());
        assertEquals(-1, reader("ffffffff0f").unsignedVarint());
        refuses("ffffffffff01", WireReader::unsignedVarint);
        refuses("ffff", WireReader::unsignedVarint);
    }

    @Test
    void readsStringsInBothEncodings() {
        assertEquals("h\u00e9", reader("0003 68c3a9").string(false));
        assertEquals("h\u00e9", reader("04 68c3a9").string(true));
        assertEquals("", reader("01").string(true));
        assertNull(reader("ffff").nullableString(false));
        assertNull(reader("00").nullableString(true));
    }

    @Test
    void refusesStringsThatAreNotWhatTheySay() {
        refuses("ffff", in -> in.string(false));
        refuses("00", in -> in.string(true));
        refuses("fffe", in -> in.nullableString(false));
        refuses("0004 68c3a9", in -> in.string(false));
        refuses("0002 68c3", in -> in.string(false));
        refuses("0001 ff", in -> in.string(false));
        // The replacement character itself is no fault.
        assertEquals("\ufffd", reader("0003 efbfbd").string(false));
    }

    @Test
    void refusesStringsLongerThanTheOldEncodingCanSay() {
        int length = Short.MAX_VALUE + 1;
        ByteBuffer bytes = ByteBuffer.allocate(length + 3);
        bytes.put(HexFormat.of().parseHex("818002"));
        assertThrows(MalformedMessageException.class, () -> new WireReader(bytes.rewind()).string(true));
    }

    @Test
    void readsStringsOutsideTheHeapToo() {
        ByteBuffer direct = ByteBuffer.allocateDirect(16);
        direct.put((byte) 3).put("h\u00e9".getBytes(StandardCharsets.UTF_8)).flip();
        assertThrows(MalformedMessageException.class, () -> new WireReader(direct.duplicate()).string(true));
        direct.put(0, (byte) 4);
        assertEquals("h\u00e9", new WireReader(direct.duplicate()).string(true));
    }

    @Test
    void copiesBytesButNotRecords() {
        ByteBuffer frame = ByteBuffer.wrap(HexFormat.of().parseHex("030102030304"));
        WireReader in = new WireReader(frame);
        ByteBuffer copy = in.bytes(true);
        Payload.InMemory view = (Payload.InMemory) in.records(true);
        // When the frame changes behind them
        frame.put(1, (byte) 9).put(4, (byte) 9);
        // Then only the view does
        assertEquals(1, copy.get(0));
        assertTrue(copy.isReadOnly());
        assertEquals(9, view.bytes().get(0));
        assertEquals(2, view.sizeInBytes());
    }

    @Test
    void readsArraysOfWhatIsThere() {
        assertEquals(List.of(1, 2), reader("03 01 02").array(true, VERSION, (in, v) -> (int) in.int8()));
        assertEquals(List.of(), reader("00000000").array(false, VERSION, (in, v) -> in.int8()));
        assertNull(reader("ffffffff").nullableArray(false, VERSION, (in, v) -> in.int8()));
        refuses("ffffffff", in -> in.array(false, VERSION, (r, v) -> r.int8()));
        refuses("fffffffe", in -> in.nullableArray(false, VERSION, (r, v) -> r.int8()));
        refuses("04 01 02", in -> in.array(true, VERSION, (r, v) -> r.int8()));
    }

    @Test
    void refusesMoreThanAMillionElements() {
        int limit = 1_000_000;
        ByteBuffer bytes = ByteBuffer.allocate(4 + limit + 1);
        bytes.putInt(0, limit);
        assertEquals(
                limit,
                new WireReader(bytes.duplicate())
                        .array(false, VERSION, (in, v) -> in.int8())
                        .size());
        bytes.putInt(0, limit + 1);
        assertThrows(
                MalformedMessageException.class,
                () -> new WireReader(bytes.duplicate()).array(false, VERSION, (in, v) -> in.int8()));
    }

    @Test
    void refusesMoreThanTenThousandTags() {
        assertEquals(10_000, reader("904e").tagCount());
        refuses("914e", WireReader::tagCount);
        refuses("ffffffff0f", WireReader::tagCount);
    }

    @Test
    void keepsTaggedFieldsToTheirSize() {
        WireReader in = reader("05 02 0102 7f");
        assertEquals(5, in.tag());
        int end = in.tagEnd();
        in.int8();
        assertThrows(MalformedMessageException.class, () -> in.finishTag(end));
        in.skipTo(end);
        assertEquals(0x7f, in.int8());
        refuses("05 03 0102", WireReader::skipTag);
    }

    private static void refuses(String hex, Consumer<WireReader> reading) {
        WireReader in = reader(hex);
        MalformedMessageException refusal =
                assertThrows(MalformedMessageException.class, () -> reading.accept(in), hex);
        assertNotNull(refusal.getMessage());
    }

    private static WireReader reader(String hex) {
        return new WireReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }
}
