package io.milena.log.disk;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;

/** Functions of the C library that Java does not offer. They tell their error in a piece of memory that the caller passes first. */
public final class CLibrary {
    public static final StructLayout STATE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private CLibrary() {}

    /** Not for a simulated disk, another operating system than Linux, or a process that may not call native code. */
    public static boolean isFor(Path directory) {
        return directory.getFileSystem().equals(FileSystems.getDefault())
                && System.getProperty("os.name").equals("Linux")
                && CLibrary.class.getModule().isNativeAccessEnabled();
    }

    @SuppressWarnings("restricted")
    public static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, all);
    }

    /** Why the last call that was given this memory has failed. */
    public static int error(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}
