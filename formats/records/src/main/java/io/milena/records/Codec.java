package io.milena.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** One compression library behind the two calls that {@link Compression} needs. */
interface Codec {

    /** The compressed bytes, positioned at 0; the argument is consumed. */
    ByteBuffer compress(ByteBuffer bytes, int level) throws IOException;

    /**
     * Decompresses what the other stream holds. Whoever reads it stops at {@code bytesMax}; a codec whose input declares sizes takes no memory
     * for one that is larger.
     */
    InputStream decompressing(ByteBufferInputStream compressed, int bytesMax) throws IOException;
}
