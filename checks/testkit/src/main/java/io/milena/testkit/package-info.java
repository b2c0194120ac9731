/**
 * The simulated world: one seed owns time, threads, disk and network, and code that is written against {@code io.milena.runtime} and
 * {@code java.nio.file} runs in it unchanged, on one thread, the same way each time.
 *
 * <p>Use a {@link io.milena.testkit.SimulatedFileSystem} and a {@link io.milena.testkit.HandClock} alone for tests of single classes, on ordinary threads.
 * Use a {@link io.milena.testkit.SimulatedEnvironment} for whole programs: {@code world.process("broker-1", world.disk())} is a
 * computer with {@code environment()}, {@code network()} and {@code disk()}; it can be killed or lose power and be started again.
 * {@link io.milena.testkit.Seeds} says which seeds a test runs and prints the command that repeats a failure.
 *
 * <p>Set-up of a module that simulates threads: property {@code test.jvm.options} of its pom must be
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED -Djdk.trackAllThreads=false}. The first gives virtual threads our scheduler, the second lets the JDK
 * forget the threads of killed processes. The disk and the hand clock need neither.
 *
 * <p>Threads: all simulated threads, blocking ones too, are virtual threads whose carrier is the test's own thread. They switch only where they wait,
 * and, by seed, before each disk and network operation; so code between two such points is atomic here although it is not in production, and data races on
 * memory are not found. When all threads wait, the clock jumps to the next timer.
 *
 * <p>Traps:
 * <ul>
 *   <li>Timed waits of the JDK ({@code parkNanos}, {@code Thread.sleep}, {@code get(timeout)}) and common pools ({@code CompletableFuture.supplyAsync}) wake a
 *       thread from outside; the run fails and says so.
 *   <li>A thread that waits inside a class initialiser or a native frame pins its carrier, which is everyone's: the run hangs. Initialise such classes first.
 *   <li>A monitor held over a wait is handed on by a thread of the JDK. The scheduler looks at that thread before each step, so it works but is slow:
 *       hold a {@code ReentrantLock} instead. This includes the function given to {@code ConcurrentHashMap.compute}. A thread that is killed while it waits
 *       for a monitor stays in memory, with all that it holds, until the JVM ends.
 *   <li>Identity hash codes, thread ids and enums' hash codes differ from run to run, and with them the iteration order of hash maps over such keys.
 *       {@code Map.of} and {@code Set.of} iterate by a salt of the JVM. None of them may decide anything.
 *   <li>Thread locals work, and live as long as their simulated thread. Static state outlives a killed process: there must be none.
 *   <li>Traces are equal for equal seeds within one JVM; what the first run of a JVM initialises lazily must not wait.
 *   <li>An interrupted thread that touches a file channel closes it, here as on a real disk.
 *   <li>Never call the world's {@code run} from a simulated thread, nor wait on its clock from another one.
 * </ul>
 *
 * <p>Tested: the disk by the same random operations on the machine's file system, its crashes by properties over many seeds; threads by running seeds twice;
 * network faults one by one. Not here: workloads, invariants and history checks ({@code checks/simulator}).
 */
@NullMarked
package io.milena.testkit;

import org.jspecify.annotations.NullMarked;
