package io.milena.testkit;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.concurrent.Executor;

/**
 * The only place that reaches into the JDK: virtual threads whose continuations run on an executor of ours. JDK 25 has the parts
 * (package-private constructors in {@code java.lang}) but no public way to them.
 */
final class VirtualThreads {
    private static final System.Logger LOG = System.getLogger(VirtualThreads.class.getName());
    private static final String UNBLOCKER = "VirtualThread-unblocker";
    private static final Constructor<?> BUILDER = builderConstructor();
    private static final Field ON_WAITING_LIST = field("onWaitingList");

    private VirtualThreads() {}

    static Thread unstarted(String name, Executor scheduler, Runnable body) {
        try {
            Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
            return builder.name(name).unstarted(body);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether {@code thread} is the JDK's own that hands released monitors on. */
    static boolean isUnblocker(Thread thread) {
        return thread.getName().equals(UNBLOCKER);
    }

    /** Whether one of {@code blocked} has been chosen to enter its monitor, but was not yet handed to its executor. */
    static boolean isAnyBeingUnblocked(Collection<Thread> blocked) {
        // In this order: the mark goes before the hand-over, and the unblocker rests after it.
        return blocked.stream().anyMatch(VirtualThreads::isChosen) || !isUnblockerAtRest();
    }

    private static boolean isChosen(Thread thread) {
        try {
            return ON_WAITING_LIST.getBoolean(thread);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isUnblockerAtRest() {
        Thread thread = Unblocker.THREAD;
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0 && stack[0].getMethodName().equals("takeVirtualThreadListToUnblock");
    }

    /** Looked up when the first thread is blocked: by then it runs. */
    private static final class Unblocker {
        static final Thread THREAD = Thread.getAllStackTraces().keySet().stream()
                .filter(VirtualThreads::isUnblocker)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this JDK has no thread " + UNBLOCKER));
    }

    private static Constructor<?> builderConstructor() {
        try {
            Constructor<?> constructor = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            if (!"false".equals(System.getProperty("jdk.trackAllThreads"))) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "this JVM remembers all threads, also those of killed processes, until its memory is full: it needs -Djdk.trackAllThreads=false");
            }
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
