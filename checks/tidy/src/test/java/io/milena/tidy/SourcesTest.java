package io.milena.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What source files look like. */
class SourcesTest {
    private static final int LINES_MAX = 400;
    private static final Pattern UNNAMED_TYPE =
            Pattern.compile(".*(Manager|Helper|Utils?|Impl|Common|Processor|Abstract\\w*|Base)\\.java");
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@Disabled|UnsupportedOperationException\\(\\)");

    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void aFileHoldsOneNoun() {
        check(
                everySource(),
                file -> Repository.text(file).lines().count() > LINES_MAX,
                "longer than " + LINES_MAX + " lines: which second noun does it hold?");
    }

    @Test
    void everyTypeHasAName() {
        check(
                everySource(),
                file -> UNNAMED_TYPE.matcher(file.getFileName().toString()).matches(),
                "not named yet: say what it is");
    }

    @Test
    void nothingIsLeftUnfinished() {
        Predicate<Path> isUnfinished =
                file -> UNFINISHED.matcher(Repository.text(file)).find();
        check(
                everySource().filter(file -> !file.endsWith("SourcesTest.java")),
                isUnfinished,
                "unfinished: finish it or take it out");
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        Stream<Path> infos = Repository.sources("main")
                .map(Path::getParent)
                .distinct()
                .map(folder -> folder.resolve("package-info.java"));
        check(
                infos,
                info -> !Files.exists(info) || !Repository.text(info).contains("@NullMarked"),
                "missing or without @NullMarked");
    }

    @Test
    void onlyCommandsPrint() {
        Pattern printing = Pattern.compile("System\\.(out|err)\\b");
        check(
                Repository.sources("main")
                        .filter(file -> !file.startsWith(Repository.ROOT.resolve("apps/cli"))
                                && !file.startsWith(Repository.ROOT.resolve("checks/benchmarks"))),
                file -> printing.matcher(Repository.text(file)).find(),
                "prints: log it, or answer it");
    }

    @Test
    void noTestSleeps() {
        Predicate<Path> sleeps = file -> Repository.text(file).contains("Thread." + "sleep(");
        check(Repository.sources("test"), sleeps, "sleeps: wait on a condition, or move a clock that the test holds");
    }

    /** A guarantee without a test is not in the documents. */
    @Test
    void everyTestThatADocumentNamesExists() {
        Map<String, List<String>> tests = Repository.sources("test")
                .collect(Collectors.groupingBy(
                        file -> file.getFileName().toString().replace(".java", ""),
                        Collectors.mapping(Repository::text, Collectors.toList())));
        List<String> missing = new ArrayList<>();
        for (String document : List.of("guarantees.md", "faults.md", "compatibility.md")) {
            Matcher named = NAMED_TEST.matcher(
                    Repository.text(Repository.ROOT.resolve("docs").resolve(document)));
            while (named.find()) {
                String method = named.group(2) == null ? "" : "void " + named.group(2) + "(";
                if (tests.getOrDefault(named.group(1), List.of()).stream().noneMatch(text -> text.contains(method))) {
                    missing.add(document + ": " + named.group());
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    private static Stream<Path> everySource() {
        return Stream.concat(Repository.sources("main"), Repository.sources("test"));
    }

    private static void check(Stream<Path> files, Predicate<Path> isWrong, String why) {
        List<String> wrong = files.filter(isWrong)
                .map(file -> Repository.ROOT.relativize(file) + " " + why)
                .toList();
        assertEquals(List.of(), wrong);
    }
}
