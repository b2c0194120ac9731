package io.milena.log.disk;

import java.io.IOException;
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
 * The page cache of Linux. {@code cachestat(2)} (Linux 6.5) tells what it holds; on an older kernel nobody knows, and everything is brought. What is brought is read through a descriptor of its own
 * for which {@code posix_fadvise(2)} has turned the kernel's reading ahead off: it would have megabytes on their way before a force gets its turn. What is written out is by {@code sync_file_range(2)}.
 */
public final class LinuxPageCache implements PageCache {
    private static final int O_CLOEXEC = 0x80000;
    private static final int FADV_RANDOM = 1;
    private static final int FADV_WILLNEED = 3;
    private static final long SYS_CACHESTAT = 451;
    private static final int EBADF = 9;
    private static final int PRIO_PROCESS = 0;
    /** Waits for what is on its way, writes the rest, and waits for that. */
    private static final int WRITE_AND_WAIT = 7;
    /** Behind everybody else when processors are short: who reads old data is in less of a hurry than who writes. */
    private static final int NICE = 10;

    private static final View UNKNOWN = new View() {
        @Override
        public boolean holds(long from, long to) {
            return true;
        }

        @Override
        public boolean bring(long from, long to) {
            return false;
        }

        @Override
        public void writeOut(long from, long to) {}

        @Override
        public void close() {}
    };

    private volatile @Nullable Calls calls;

    private LinuxPageCache() {}

    public static Optional<PageCache> of(Path directory) {
        return CLibrary.isFor(directory) ? Optional.of(new LinuxPageCache()) : Optional.empty();
    }

    private Calls calls() {
        Calls known = calls;
        if (known == null) {
            known = new Calls();
            calls = known;
        }
        return known;
    }

    @Override
    public boolean canTell() {
        return calls().canTell;
    }

    @Override
    public void begin() {
        calls().lowerPriority();
    }

    @Override
    public View open(Path file) {
        int descriptor = calls().open(file);
        return descriptor < 0 ? UNKNOWN : new Descriptor(calls(), descriptor);
    }

    /** An open file. */
    private record Descriptor(Calls calls, int number) implements View {
        @Override
        public boolean holds(long from, long to) {
            return calls.holds(number, from, to);
        }

        @Override
        public boolean bring(long from, long to) {
            return calls.bring(number, from, to);
        }

        @Override
        public void writeOut(long from, long to) throws IOException {
            int error = calls.canWriteOut ? calls.writeOut(number, from, to) : 0;
            if (error != 0) {
                throw new IOException("sync_file_range: error " + error);
            }
        }

        @Override
        public void close() {
            calls.close(number);
        }
    }

    /** The functions of the C library. */
    private static final class Calls {
        private static final Linker.Option VARIADIC_FROM_1 = Linker.Option.firstVariadicArg(1);
        private static final Linker.Option VARIADIC_FROM_2 = Linker.Option.firstVariadicArg(2);
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

        private final MethodHandle open =
                CLibrary.function("open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT), VARIADIC_FROM_2);
        private final MethodHandle close = CLibrary.function("close", FunctionDescriptor.of(INT, INT));
        private final MethodHandle advise =
                CLibrary.function("posix_fadvise", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
        private final MethodHandle pread =
                CLibrary.function("pread", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, LONG));
        private final MethodHandle cachestat = CLibrary.function(
                "syscall",
                FunctionDescriptor.of(LONG, LONG, LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS, LONG),
                VARIADIC_FROM_1);
        private final MethodHandle syncFileRange =
                CLibrary.function("sync_file_range", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
        private final MethodHandle setpriority =
                CLibrary.function("setpriority", FunctionDescriptor.of(INT, INT, INT, INT));
        private final MethodHandle ioprioSet =
                CLibrary.function("syscall", FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG), VARIADIC_FROM_1);
        private final long pageBytes = pageBytes();
        private final boolean canTell = canTell();
        private final boolean canWriteOut = writeOut(-1, 0, 0) == EBADF;

        /** Something of the C library. */
        @FunctionalInterface
        private interface Call<T> {
            T result(Arena arena, MemorySegment state) throws Throwable;
        }

        private static <T> T call(Call<T> call) {
            try (Arena arena = Arena.ofConfined()) {
                return call.result(arena, arena.allocate(CLibrary.STATE));
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        private static long pageBytes() {
            MethodHandle getpagesize = CLibrary.function("getpagesize", FunctionDescriptor.of(INT));
            return call((arena, state) -> (int) getpagesize.invokeExact(state));
        }

        /** An older kernel does not know the call, and some containers refuse it; otherwise there is only no such file. */
        private boolean canTell() {
            return call((arena, state) -> {
                MemorySegment nothing = arena.allocate(LONG, 5);
                long ignored = (long) cachestat.invokeExact(state, SYS_CACHESTAT, -1L, nothing, nothing, 0L);
                return CLibrary.error(state) == EBADF;
            });
        }

        int open(Path file) {
            return call((arena, state) -> {
                int descriptor = (int) open.invokeExact(
                        state, arena.allocateFrom(file.toAbsolutePath().toString()), O_CLOEXEC);
                if (descriptor >= 0) {
                    int ignored = (int) advise.invokeExact(state, descriptor, 0L, 0L, FADV_RANDOM);
                }
                return descriptor;
            });
        }

        void close(int descriptor) {
            call((arena, state) -> (int) close.invokeExact(state, descriptor));
        }

        boolean holds(int descriptor, long from, long to) {
            long first = from / pageBytes;
            long end = Math.ceilDiv(to, pageBytes);
            return call((arena, state) -> {
                MemorySegment range = arena.allocate(LONG, 2);
                range.setAtIndex(LONG, 0, first * pageBytes);
                range.setAtIndex(LONG, 1, (end - first) * pageBytes);
                MemorySegment counts = arena.allocate(LONG, 5);
                long result = (long) cachestat.invokeExact(state, SYS_CACHESTAT, (long) descriptor, range, counts, 0L);
                return result == 0 && counts.getAtIndex(LONG, 0) >= end - first;
            });
        }

        /** The last byte is there when all is, nearly always: it was asked for last. */
        boolean bring(int descriptor, long from, long to) {
            return call((arena, state) -> {
                int ignored = (int) advise.invokeExact(state, descriptor, from, to - from, FADV_WILLNEED);
                return (long) pread.invokeExact(state, descriptor, arena.allocate(1), 1L, to - 1) == 1;
            });
        }

        /** Answers 0, or what went wrong: with this or with an earlier write. Some containers refuse the call. */
        int writeOut(int descriptor, long from, long to) {
            return call((arena, state) ->
                    (int) syncFileRange.invokeExact(state, descriptor, from, to - from, WRITE_AND_WAIT) == 0
                            ? 0
                            : CLibrary.error(state));
        }

        /** Of the calling thread, for processors and disk; where it is refused, nothing is lost. */
        void lowerPriority() {
            call((arena, state) -> (int) setpriority.invokeExact(state, PRIO_PROCESS, 0, NICE));
            long ioprio = switch (System.getProperty("os.arch")) {
                case "amd64" -> 251;
                case "aarch64" -> 30;
                default -> 0;
            };
            long idleOfThread = 3 << 13;
            if (ioprio != 0) {
                call((arena, state) -> (long) ioprioSet.invokeExact(state, ioprio, 1L, 0L, idleOfThread));
            }
        }
    }
}
