package io.milena.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a batch are compressed; bits 0-2 of its attributes. The framings are those that Kafka's clients write and read. A library is
 * loaded when it is first used and not before: a broker that only passes compressed batches on never loads any.
 */
public enum Compression {
    NONE(0, 0, 0, Uncompressed::new),
    GZIP(Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION, Deflater.DEFAULT_COMPRESSION, GzipCodec::new),
    SNAPPY(0, 0, 0, SnappyCodec::new),
    LZ4(1, 17, 9, Lz4Codec::new),
    ZSTD(-131072, 22, 3, ZstdCodec::new);

    private static final Compression[] BY_ID = values();
    private static final int FIRST_READ_BYTES_MIN = 1 << 10;
    private static final int FIRST_READ_RATIO = 4;

    private final int levelMin;
    private final int levelMax;
    private final int defaultLevel;
    private final Supplier<Codec> codec;

    Compression(int levelMin, int levelMax, int defaultLevel, Supplier<Codec> codec) {
        this.levelMin = levelMin;
        this.levelMax = levelMax;
        this.defaultLevel = defaultLevel;
        this.codec = codec;
    }

    /** Null if there is no such type. */
    public static @Nullable Compression ofId(int id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    /** By the name that settings use, such as {@code zstd}; null if there is no such type. */
    public static @Nullable Compression named(String name) {
        return Arrays.stream(BY_ID)
                .filter(compression -> compression.settingName().equals(name))
                .findFirst()
                .orElse(null);
    }

    public int id() {
        return ordinal();
    }

    /** The name that settings use: {@code none}, {@code gzip}, {@code snappy}, {@code lz4} or {@code zstd}. */
    public String settingName() {
        return switch (this) {
            case NONE -> "none";
            case GZIP -> "gzip";
            case SNAPPY -> "snappy";
            case LZ4 -> "lz4";
            case ZSTD -> "zstd";
        };
    }

    /** The level used where none is chosen. Gzip's, -1, is the library's own choice and outside its range. */
    public int defaultLevel() {
        return defaultLevel;
    }

    /** Whether a level may be chosen: {@code compression.<type>.level}. Without levels only the default is allowed. */
    public boolean allowsLevel(int level) {
        return level == defaultLevel || (level >= levelMin && level <= levelMax);
    }

    void checkLevel(int level) {
        if (!allowsLevel(level)) {
            throw new IllegalArgumentException(settingName() + " has no level " + level);
        }
    }

    /** The compressed bytes; for {@link #NONE} a view of the given ones. */
    public ByteBuffer compress(ByteBuffer bytes) {
        return compress(bytes, defaultLevel);
    }

    /** The compressed bytes at a level that is {@link #allowsLevel allowed}; for {@link #NONE} a view of the given ones. */
    public ByteBuffer compress(ByteBuffer bytes, int level) {
        checkLevel(level);
        if (this == NONE) {
            return bytes.slice();
        }
        try {
            return codec.get().compress(bytes.duplicate(), level);
        } catch (IOException e) {
            throw new IllegalStateException("compressing in memory failed", e);
        }
    }

    /**
     * The decompressed bytes; for {@link #NONE} a view of the given ones. Memory is taken as bytes come out, never because the input declares a size.
     *
     * @throws InvalidRecordsException if the bytes are not so compressed, or become more than the limit
     */
    public ByteBuffer decompress(ByteBuffer compressed, int bytesMax) {
        if (this == NONE) {
            return checkedSize(compressed.slice(), bytesMax);
        }
        try (InputStream in = codec.get().decompressing(new ByteBufferInputStream(compressed.duplicate()), bytesMax)) {
            return readAll(in, compressed.remaining(), bytesMax);
        } catch (InvalidRecordsException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // libraries raise their own kinds at broken input
            throw new InvalidRecordsException(
                    BatchFault.Kind.INVALID_RECORD,
                    "the records cannot be decompressed with " + settingName() + ": " + e.getMessage(),
                    e);
        }
    }

    private ByteBuffer readAll(InputStream in, int compressedBytes, int bytesMax) throws IOException {
        long expected = Math.max(FIRST_READ_BYTES_MIN, (long) compressedBytes * FIRST_READ_RATIO);
        byte[] bytes = new byte[(int) Math.min(expected, bytesMax)];
        int size = 0;
        while (true) {
            if (size == bytes.length) {
                int next = in.read();
                if (next < 0) {
                    return ByteBuffer.wrap(bytes, 0, size).slice();
                }
                if (size == bytesMax) {
                    throw tooLarge(bytesMax);
                }
                bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * size, FIRST_READ_BYTES_MIN), bytesMax));
                bytes[size++] = (byte) next;
            }
            int read = in.read(bytes, size, bytes.length - size);
            if (read < 0) {
                return ByteBuffer.wrap(bytes, 0, size).slice();
            }
            size += read;
        }
    }

    private ByteBuffer checkedSize(ByteBuffer bytes, int bytesMax) {
        if (bytes.remaining() > bytesMax) {
            throw tooLarge(bytesMax);
        }
        return bytes;
    }

    InvalidRecordsException tooLarge(int bytesMax) {
        return new InvalidRecordsException(
                BatchFault.Kind.TOO_LARGE, "the records are larger than " + bytesMax + " bytes, " + settingName());
    }
}
