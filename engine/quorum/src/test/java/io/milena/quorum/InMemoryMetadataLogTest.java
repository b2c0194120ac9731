package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryMetadataLogTest implements MetadataLogContract {
    @Override
    public MetadataLog openLeading(RecordingListener listener) {
        return new InMemoryMetadataLog(new Peer(NODE, "localhost", 9093), Clock.system(), listener);
    }

    @Test
    void countsOffsetsAndBytes() throws IOException {
        try (MetadataLog log = openLeading(new RecordingListener())) {
            assertEquals(1, log.append(List.of(ByteBuffer.allocate(3), ByteBuffer.allocate(4))));
            assertEquals(2, log.append(List.of(ByteBuffer.allocate(5))));
            assertEquals(3, log.endOffset());
            assertEquals(12, log.bytesSinceSnapshot());
            log.snapshot(List.of());
            assertEquals(0, log.bytesSinceSnapshot());
            assertEquals(3, log.endOffset());
        }
    }
}
