package io.milena.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A single node is as light as it was: it runs where there is no Ratis at all. */
class SingleNodeClassesTest {
    @TempDir
    private Path directory;

    /** Run by another class loader. */
    public static final class SingleNode implements Runnable {
        private final Path data;

        public SingleNode(Path data) {
            this.data = data;
        }

        @Override
        public void run() {
            RecordingListener listener = new RecordingListener();
            try (LocalMetadataLog log =
                    LocalMetadataLog.open(data, Clock.system(), new Peer(1, "localhost", 0), listener)) {
                log.append(List.of(ByteBuffer.allocate(3)));
                log.snapshot(List.of(ByteBuffer.allocate(3)));
                log.append(List.of(ByteBuffer.allocate(3)), log.epoch());
                assertEquals(2, log.quorum().highWatermark());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Run by another class loader. */
    public static final class Member implements Runnable {
        private final Path data;

        public Member(Path data) {
            this.data = data;
        }

        @Override
        public void run() {
            try {
                RatisMetadataLog.migrate(data, "cluster", Clock.system());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aSingleNodeNeedsNoClassOfRatis() throws Exception {
        try (URLClassLoader loader = withoutRatis()) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.apache.ratis.server.RaftServer"));
            run(loader, SingleNode.class);
        }
    }

    /** That the other test can fail. */
    @Test
    void aMemberOfAQuorumDoes() throws Exception {
        try (URLClassLoader loader = withoutRatis()) {
            InvocationTargetException error =
                    assertThrows(InvocationTargetException.class, () -> run(loader, Member.class));
            assertTrue(error.getCause() instanceof NoClassDefFoundError, error::toString);
        }
    }

    private void run(ClassLoader loader, Class<? extends Runnable> body) throws Exception {
        Class<?> there = loader.loadClass(body.getName());
        there.getMethod("run").invoke(there.getConstructor(Path.class).newInstance(directory));
    }

    private static URLClassLoader withoutRatis() {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .filter(entry -> !entry.isEmpty()
                        && !Path.of(entry).getFileName().toString().startsWith("ratis-"))
                .map(SingleNodeClassesTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
