package io.milena.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteBucketTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void itHoldsWhatASecondBrings() {
        ByteBucket bucket = ByteBucket.full(1000, 0);
        assertEquals(1000, bucket.available(0));
        assertEquals(1000, bucket.available(100 * SECOND));
        assertEquals(400, bucket.minus(600, 0).available(0));
        assertEquals(650, bucket.minus(600, 0).available(SECOND / 4));
    }

    @Test
    void whatWasTakenTooMuchIsPaidForByTime() {
        ByteBucket owing = ByteBucket.full(1000, 0).minus(4000, 0);
        assertTrue(owing.available(2 * SECOND) < 0);
        assertEquals(0, owing.available(3 * SECOND));
        assertEquals(500, owing.available(3 * SECOND + SECOND / 2));
    }

    @Test
    void withoutALimitThereIsAlwaysMore() {
        ByteBucket bucket = ByteBucket.full(ByteBucket.UNLIMITED, 0).minus(1L << 60, 0);
        assertEquals(ByteBucket.UNLIMITED, bucket.available(0));
    }

    @Test
    void nothingGoesAtARateOfZero() {
        assertEquals(0, ByteBucket.full(0, 0).available(1000 * SECOND));
    }

    @Test
    void overALongerWhileTheRateIsKeptHoweverLargeThePiecesAre() {
        Random random = new Random(1);
        ByteBucket bucket = ByteBucket.full(10_000, 0);
        long now = 0;
        long gone = 0;
        while (now < 100 * SECOND) {
            if (bucket.available(now) > 0) {
                int piece = 1 + random.nextInt(30_000);
                bucket = bucket.minus(piece, now);
                gone += piece;
            }
            now += 1 + random.nextInt(50_000_000);
        }
        assertTrue(Math.abs(gone - 1_000_000) < 50_000, gone + " bytes");
    }
}
