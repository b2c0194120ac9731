package io.milena.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected numbers are those of kafka-clients 4.3.1: {@code Utils.murmur2} and {@code BuiltInPartitioner.partitionForKey} for seven partitions. */
class Murmur2Test {
    private static final int PARTITIONS = 7;

    @ParameterizedTest
    @CsvSource({
        "'', 275646681, 2",
        "a, -1563381124, 5",
        "ab, 316155434, 0",
        "abc, 479470107, 4",
        "abcd, -1323649548, 5",
        "21, -973932308, 3",
        "foobar, -790332482, 0",
        "a-little-bit-long-string, -985981536, 1",
        "a-little-bit-longer-string, -1486304829, 0",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971, 3",
        "key-0, 29210041, 0",
        "key-1, 193331640, 5",
        "key-42, -187086521, 3",
        "Grüße, 1190824359, 4",
        "日本語, 1431860170, 6",
    })
    void textHashesAsWithKafkasClients(String key, int hash, int partition) {
        assertHashes(key.getBytes(StandardCharsets.UTF_8), hash, partition);
    }

    @Test
    void bytesAbove127AreNotSigned() {
        assertHashes(new byte[] {(byte) 0xff, (byte) 0x80, (byte) 0x81, 0, (byte) 0xfe, 1, (byte) 0xc3}, -328753405, 1);
    }

    @Test
    void onlyTheBytesBetweenPositionAndLimitCountAndStayUnread() {
        ByteBuffer key = ByteBuffer.wrap("--abc--".getBytes(StandardCharsets.UTF_8));
        key.position(2).limit(5);
        assertEquals(479470107, Murmur2.hash(key));
        assertEquals(3, key.remaining());
    }

    private static void assertHashes(byte[] key, int hash, int partition) {
        assertEquals(hash, Murmur2.hash(ByteBuffer.wrap(key)));
        assertEquals(partition, Murmur2.partition(ByteBuffer.wrap(key), PARTITIONS));
    }
}
