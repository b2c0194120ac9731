package io.milena.records;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A named value beside a record's own; names may repeat and their order is kept. */
public record RecordHeader(String key, @Nullable ByteBuffer value) {}
