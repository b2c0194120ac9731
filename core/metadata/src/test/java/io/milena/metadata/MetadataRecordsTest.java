package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.NoOpRecord;
import io.milena.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MetadataRecordsTest {
    @Test
    void writesWhatApacheKafkaWrites() {
        // As in a bootstrap.checkpoint of Apache Kafka 4.3.1: frame 1, type 12, version 0, name, level, no tagged
        // fields.
        assertEquals(
                "010c00116d657461646174612e76657273696f6e001e00",
                hex(MetadataRecords.encode(new FeatureLevelRecord("metadata.version", (short) 30))));
    }

    @Test
    void readsWhatItWrites() {
        Seeds.each(MetadataRecordsTest.class, 50, seed -> {
            Random random = new Random(seed);
            ClusterImage image = ClusterImage.EMPTY;
            for (int step = 0; step < 100; step++) {
                List<Message> batch = RandomRecords.batch(image, random);
                image = image.replay(batch);
                for (Message record : batch) {
                    Optional<Message> expected = record instanceof NoOpRecord ? Optional.empty() : Optional.of(record);
                    assertEquals(expected, MetadataRecords.decode(MetadataRecords.encode(record)));
                }
            }
        });
    }

    @Test
    void refusesTypesAndVersionsThatItWouldLose() {
        assertRefused("010600", "type 6 is not supported");
        assertRefused("010c01116d657461646174612e76657273696f6e001e00", "version 1");
        assertRefused("020c00", "frame version 2");
        assertRefused("010c00116d657461646174612e76657273696f6e001e0000", "1 bytes behind");
    }

    @Test
    void brokenBytesEndInMalformedMessages() {
        AtomicInteger refused = new AtomicInteger();
        Seeds.each(MetadataRecordsTest.class, 500, seed -> {
            Random random = new Random(seed);
            ByteBuffer good = MetadataRecords.encode(new ConfigRecord((byte) 2, "orders", "retention.ms", "1000"));
            byte[] bytes = new byte[random.nextInt(good.remaining() + 1)];
            good.duplicate().get(bytes);
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                MetadataRecords.decode(ByteBuffer.wrap(bytes));
            } catch (MalformedMessageException expected) {
                refused.incrementAndGet();
            }
        });
        assertTrue(refused.get() > 0, "no seed broke anything");
    }

    private static void assertRefused(String hex, String reason) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        MalformedMessageException refused =
                assertThrows(MalformedMessageException.class, () -> MetadataRecords.decode(bytes));
        assertTrue(refused.toString().contains(reason), refused::toString);
    }

    private static String hex(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return HexFormat.of().formatHex(array);
    }
}
