package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class UuidsTest {
    @Test
    void writesAndReadsKafkasText() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            UUID ours = Uuids.random(random);
            Uuid theirs = new Uuid(ours.getMostSignificantBits(), ours.getLeastSignificantBits());
            assertEquals(theirs.toString(), Uuids.text(ours));
            assertEquals(ours, Uuids.parse(theirs.toString()));
            assertEquals(4, ours.version());
            assertEquals(2, ours.variant());
            assertFalse(Uuids.text(ours).startsWith("-"));
        }
        assertEquals(Uuid.ZERO_UUID.toString(), Uuids.text(Uuids.ZERO));
    }

    @Test
    void refusesOtherTexts() {
        assertThrows(IllegalArgumentException.class, () -> Uuids.parse("too short"));
        assertThrows(IllegalArgumentException.class, () -> Uuids.parse("AAAAAAAAAAAAAAAAAAAAAAAAAA"));
        assertThrows(IllegalArgumentException.class, () -> Uuids.parse("?AAAAAAAAAAAAAAAAAAAAA"));
    }
}
