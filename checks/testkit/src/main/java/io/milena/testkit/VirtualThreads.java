package io.milena.testkit;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;

/**
 * The only place that reaches into the JDK: virtual threads whose continuations run on an executor of ours. JDK 25 has the parts
 * (package-private constructors in {@code java.lang}) but no public way to them.
 */
final class VirtualThreads {
    private static final Constructor<?> BUILDER = builderConstructor();
    private static final Field ON_WAITING_LIST = field("onWaitingList");
    private static final Field BLOCK_PERMIT = field("blockPermit");

    private VirtualThreads() {}

    static Thread unstarted(String name, Executor scheduler, Runnable body) {
        try {
            Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
            return builder.name(name).unstarted(body);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a thread that is blocked on a monitor has been chosen to go on, although it is not yet runnable. */
    static boolean isBeingUnblocked(Thread thread) {
        try {
            return ON_WAITING_LIST.getBoolean(thread) || BLOCK_PERMIT.getBoolean(thread);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Constructor<?> builderConstructor() {
        try {
            Constructor<?> constructor = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw missing(e);
        }
    }

    private static Field field(String name) {
        try {
            Field field = Class.forName("java.lang.VirtualThread").getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(Exception cause) {
        return new IllegalStateException(
                "the simulation needs JDK 25 and --add-opens java.base/java.lang=ALL-UNNAMED (property test.jvm.options of the module's pom)",
                cause);
    }
}
