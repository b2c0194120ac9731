package io.milena.protocol;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** UUIDs as Kafka writes them: 16 bytes on the wire, 22 characters of URL-safe Base64 in text. */
public final class Uuids {
    public static final UUID ZERO = new UUID(0, 0);

    private static final int BYTES = 16;

    private Uuids() {}

    public static String text(UUID uuid) {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws IllegalArgumentException if the text is not 16 bytes of URL-safe Base64 */
    public static UUID parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("'" + text + "' is not a UUID of 22 Base64 characters");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** A random UUID of version 4 whose text does not begin with a dash, which command lines would take for an option. */
    public static UUID random(RandomGenerator random) {
        while (true) {
            long high = (random.nextLong() & ~0xf000L) | 0x4000L;
            long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
            UUID uuid = new UUID(high, low);
            if (!text(uuid).startsWith("-")) {
                return uuid;
            }
        }
    }
}
