package io.milena.compatibility;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;

/** The ways in which a batch can be compressed. */
enum Codec {
    NONE(Compression.NONE),
    GZIP(Compression.gzip().build()),
    SNAPPY(Compression.snappy().build()),
    LZ4(Compression.lz4().build()),
    ZSTD(Compression.zstd().build());

    final Compression compression;

    Codec(Compression compression) {
        this.compression = compression;
    }

    CompressionType type() {
        return compression.type();
    }

    /** The value of a topic's {@code compression.type}. */
    String settingName() {
        return this == NONE ? "uncompressed" : type().name;
    }
}
