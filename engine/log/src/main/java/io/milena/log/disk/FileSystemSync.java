package io.milena.log.disk;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The system call {@code syncfs(2)} of Linux on the file system that holds a directory, which stays open for it: an error of a write since then is reported once to each who has it open
 * (Linux 5.8). Safe for use by many threads.
 */
public final class FileSystemSync {
    private static final int O_CLOEXEC = 0x80000;

    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    private final Path directory;
    private @Nullable Calls calls;
    private int descriptor = -1;

    private FileSystemSync(Path directory) {
        this.directory = directory;
    }

    /** Nothing for a simulated disk, another operating system, or a process that may not call native code. */
    public static Optional<FileSystemSync> of(Path directory) {
        return CLibrary.isFor(directory) ? Optional.of(new FileSystemSync(directory)) : Optional.empty();
    }

    public void force() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CLibrary.STATE);
            int file = open(arena, state);
            if ((int) calls().syncfs.invokeExact(state, file) != 0) {
                throw failed("syncfs", state);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized Calls calls() {
        if (calls == null) {
            calls = new Calls();
        }
        return calls;
    }

    private synchronized int open(Arena arena, MemorySegment state) throws Throwable {
        if (descriptor < 0) {
            MemorySegment path = arena.allocateFrom(directory.toAbsolutePath().toString());
            descriptor = (int) calls().open.invokeExact(state, path, O_CLOEXEC);
            if (descriptor < 0) {
                throw failed("open", state);
            }
        }
        return descriptor;
    }

    /** When nothing is forced here any more. */
    public synchronized void close() {
        if (descriptor >= 0) {
            try (Arena arena = Arena.ofConfined()) {
                int ignored = (int) calls().close.invokeExact(arena.allocate(CLibrary.STATE), descriptor);
            } catch (Throwable e) {
                System.getLogger(FileSystemSync.class.getName()).log(Level.DEBUG, "closing " + directory, e);
            }
            descriptor = -1;
        }
    }

    private IOException failed(String call, MemorySegment state) {
        int error = CLibrary.error(state);
        boolean isOutOfFiles = error == ENFILE || error == EMFILE;
        return new IOException(
                call + " of " + directory + ": " + (isOutOfFiles ? "Too many open files" : "error " + error));
    }

    /** The functions of the C library. */
    private static final class Calls {
        final MethodHandle open = CLibrary.function(
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        final MethodHandle syncfs =
                CLibrary.function("syncfs", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        final MethodHandle close =
                CLibrary.function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }
}
