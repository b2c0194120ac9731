package io.milena.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What production code may not call, read from the compiled classes. */
class CallsTest {
    private static final String[] PRODUCTION = {
        "io.milena.records..",
        "io.milena.protocol..",
        "io.milena.metadata..",
        "io.milena.replication..",
        "io.milena.groups..",
        "io.milena.transactions..",
        "io.milena.log..",
        "io.milena.network..",
        "io.milena.quorum..",
        "io.milena.broker.."
    };
    private static final String[] CORE = {
        "io.milena.metadata..", "io.milena.replication..", "io.milena.groups..", "io.milena.transactions.."
    };

    private static JavaClasses classes;

    @BeforeAll
    static void readAllModules() {
        List<Path> folders = Repository.modules().stream()
                .filter(module -> !module.layer().equals("checks"))
                .map(module -> module.folder().resolve("target/classes"))
                .filter(Files::isDirectory)
                .toList();
        classes = new ClassFileImporter().importPaths(folders);
    }

    @Test
    void timeAndThreadsComeFromTheRuntime() {
        Set<String> forbidden = Set.of(
                "java.lang.System.currentTimeMillis",
                "java.lang.System.nanoTime",
                "java.lang.Thread.sleep",
                "java.lang.Thread.ofVirtual",
                "java.lang.Thread.ofPlatform",
                "java.lang.Thread.startVirtualThread",
                "java.lang.Math.random",
                "java.time.Instant.now",
                "java.time.Clock.systemUTC",
                "java.util.UUID.randomUUID",
                "java.util.concurrent.ThreadLocalRandom.current",
                "java.util.concurrent.locks.LockSupport.parkNanos",
                "java.util.concurrent.locks.LockSupport.parkUntil",
                "java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor");
        DescribedPredicate<JavaCall<?>> machineCall = describe(
                "the machine's time, randomness or threads",
                call -> forbidden.contains(
                        call.getTargetOwner().getName() + "." + call.getTarget().getName()));
        noClasses()
                .that()
                .resideInAnyPackage(PRODUCTION)
                .should()
                .callCodeUnitWhere(machineCall)
                .because("Clock, Threads and the random generator of io.milena.runtime.Environment can be simulated")
                .check(classes);
    }

    @Test
    void timedWaitsGoThroughTheClock() {
        Set<String> waits =
                Set.of("await", "awaitNanos", "get", "poll", "offer", "tryLock", "tryAcquire", "join", "orTimeout");
        DescribedPredicate<JavaCall<?>> timedWait = describe(
                "a timed wait of java.util.concurrent",
                call -> call.getTargetOwner().getPackageName().startsWith("java.util.concurrent")
                        && waits.contains(call.getTarget().getName())
                        && call.getTarget().getRawParameterTypes().stream()
                                .anyMatch(type -> type.getName().equals("java.util.concurrent.TimeUnit")));
        noClasses()
                .that()
                .resideInAnyPackage(PRODUCTION)
                .should()
                .callCodeUnitWhere(timedWait)
                .because("a Signal with a Deadline waits on the clock that a test holds")
                .check(classes);
    }

    @Test
    void theDiskIsAPath() {
        noClasses()
                .that()
                .resideInAnyPackage(PRODUCTION)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.io\\.(File|RandomAccessFile|FileInputStream|FileOutputStream|FileReader|FileWriter)|java\\.nio\\.MappedByteBuffer")
                .because("a java.nio.file.Path may belong to the simulated disk")
                .check(classes);
    }

    @Test
    void decisionsDoNoInputOutputAndTakeNoLocks() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.net..",
                        "java.util.concurrent..",
                        "io.milena.runtime..")
                .because("decisions are pure: (state, command, now) -> (records, effects, reply)")
                .check(classes);
    }

    @Test
    void coreAndEngineNeverSeeEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.milena.log..", "io.milena.network..", "io.milena.quorum..", "io.milena.broker..")
                .because("the broker is the one place where decisions meet effects")
                .check(classes);
    }
}
