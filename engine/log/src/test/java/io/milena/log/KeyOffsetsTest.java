package io.milena.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyOffsetsTest {
    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8)).asReadOnlyBuffer();
    }

    @Test
    void itKnowsWhatAPlainMapKnowsUntilItIsFull() {
        Seeds.each(KeyOffsetsTest.class, 100, seed -> {
            // Given
            Random random = new Random(seed);
            int places = 2 + random.nextInt(200);
            KeyOffsets offsets = new KeyOffsets((long) places * KeyOffsets.ENTRY_BYTES, Long.MAX_VALUE, random);
            Map<String, Long> model = new HashMap<>();
            int sizeMax = (int) (places * 0.9);
            for (long offset = random.nextInt(3); offset < 500; offset += 1 + random.nextInt(3)) {
                String key = "x".repeat(random.nextInt(3)) + random.nextInt(places);
                // When
                boolean isPut = offsets.put(key(key), offset);
                // Then
                assertEquals(model.containsKey(key) || model.size() < sizeMax, isPut);
                if (isPut) {
                    model.put(key, offset);
                }
                assertEquals(model.size(), offsets.size());
            }
            model.forEach((key, offset) -> assertEquals(offset, offsets.latest(key(key))));
            assertEquals(KeyOffsets.UNKNOWN, offsets.latest(key("never seen")));
        });
    }

    @Test
    void theSmallestOneHoldsOneKey() {
        KeyOffsets offsets = new KeyOffsets(0, 1, new Random(1));
        assertTrue(offsets.put(key(""), 0));
        assertTrue(offsets.put(key(""), 7));
        assertFalse(offsets.put(key("a"), 8));
        assertEquals(7, offsets.latest(key("")));
        assertEquals(KeyOffsets.UNKNOWN, offsets.latest(key("a")));
    }

    @Test
    void itHoldsAllKeysThatCanCome() {
        KeyOffsets offsets = new KeyOffsets(Long.MAX_VALUE, 1000, new Random(1));
        for (int i = 0; i < 1000; i++) {
            assertTrue(offsets.put(key("key " + i), i), "key " + i);
        }
    }
}
