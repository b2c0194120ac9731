package io.milena.console.warnings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarningsTest {
    private static String kind(Optional<Warning> warning) {
        return warning.map(Warning::kind).orElse("none");
    }

    @Test
    void lagThatGrowsIsWarnedOf() {
        assertEquals("growing-lag", kind(GrowingLag.check("g", "t", List.of(10.0, 50.0, 90.0, 80.0, 150.0, 200.0))));
        for (List<Double> harmless : List.of(
                List.<Double>of(),
                List.of(10.0, 500.0),
                List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
                List.of(500.0, 500.0, 500.0, 500.0, 500.0, 500.0),
                List.of(900.0, 800.0, 700.0, 600.0, 500.0, 400.0),
                List.of(100.0, 900.0, 100.0, 900.0, 100.0, 900.0, 100.0))) {
            assertEquals("none", kind(GrowingLag.check("g", "t", harmless)), harmless.toString());
        }
    }

    @Test
    void aPartitionThatHasMostOfTheWorkIsNamed() {
        Optional<Warning> hot = HotPartition.check("t", Map.of(0, 5.0, 1, 100.0, 2, 10.0), 3);
        assertEquals("hot-partition", kind(hot));
        assertEquals(1, hot.orElseThrow().subject().partition());
        assertEquals("hot-partition", kind(HotPartition.check("t", Map.of(2, 50.0), 3)), "the others get nothing");
        assertEquals("none", kind(HotPartition.check("t", Map.of(0, 50.0, 1, 100.0, 2, 60.0), 3)));
        assertEquals("none", kind(HotPartition.check("t", Map.of(1, 5.0), 3)), "too little to tell");
        assertEquals("none", kind(HotPartition.check("t", Map.of(0, 500.0), 1)));
        assertEquals("none", kind(HotPartition.check("t", Map.of(), 3)));
    }

    @ParameterizedTest
    @CsvSource({"3, 10, 1, no-key", "1, 10, 1, none", "3, 0, 20, none", "3, 20, 0, none", "3, 0, 0, none"})
    void keysAreMissingWhereOthersHaveOne(int partitions, int withKey, int withoutKey, String kind) {
        assertEquals(kind, kind(MissingKeys.check("t", partitions, withKey, withoutKey)));
    }

    @ParameterizedTest
    @CsvSource({
        "6, 3, 1e6, none",
        "3, 3, 1e6, none",
        "2, 3, 1e6, too-few-partitions",
        "3, 1, 41e6, too-few-partitions",
        "5, 1, 41e6, none",
        "24, 0, 0, none",
        "25, 0, 0, too-many-partitions",
        "60, 3, 0, none",
        "61, 3, 0, too-many-partitions",
        "100, 0, 200e6, none"
    })
    void theRuleOfThumbIsAppliedToWhatWasMeasured(int partitions, int consumers, double bytes, String kind) {
        assertEquals(kind, kind(PartitionCount.check("t", partitions, consumers, bytes)));
    }

    @ParameterizedTest
    @CsvSource({"0, 1e6, 1", "3, 1e6, 6", "1, 100e6, 10", "8, 100e6, 16", "0, 101e6, 11"})
    void theRuleIsTheLargerOfTwiceTheConsumersAndATenthOfTheMegabytes(int consumers, double bytes, int wanted) {
        assertEquals(wanted, PartitionCount.wanted(consumers, bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "5, 10, 0, 1000, CRITICAL",
        "10, 10, 801, 1000, CRITICAL",
        "10, 10, 800, 1000, none",
        "10, 10, 801, -1, none",
        "10, 10, -1, 1000, none",
        "-1, 10, 0, 1000, none"
    })
    void whatRetentionTakesBeforeItIsReadIsWarnedOf(
            long committed, long start, long lagMs, long retentionMs, String severity) {
        OptionalLong lag = lagMs < 0 ? OptionalLong.empty() : OptionalLong.of(lagMs);
        assertEquals(
                severity,
                RetentionBeforeRead.check(new Warning.Subject("t", 0, "g"), committed, start, lag, retentionMs)
                        .map(warning -> warning.severity().name())
                        .orElse("none"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, none", "0, 1, under-replicated", "1, 2, offline"})
    void replicasThatAreMissingAreWarnedOf(int offline, int behind, String kind) {
        assertEquals(kind, kind(MissingReplicas.check("t", 3, offline, behind)));
    }

    @ParameterizedTest
    @CsvSource({
        "-0.001, CRITICAL, 2025-12-31",
        "0, WARNING, 2026-01-01",
        "2591999, WARNING, 2026-01-30",
        "2592000, none, none",
        "1e12, none, none"
    })
    void aCertificateIsReplacedInTime(double secondsLeft, String severity, String day) {
        Optional<Warning> warning = CertificateExpiry.check(3, "SSL", "CN=broker-3", secondsLeft, 1_767_225_600_000L);
        assertEquals(severity, warning.map(each -> each.severity().name()).orElse("none"));
        assertTrue(warning.isEmpty() || warning.get().detail().contains("CN=broker-3"));
        assertTrue(warning.isEmpty() || warning.get().detail().contains(day), () -> warning.toString());
        assertTrue(warning.isEmpty() || warning.get().title().contains("listener SSL of broker 3"));
    }
}
