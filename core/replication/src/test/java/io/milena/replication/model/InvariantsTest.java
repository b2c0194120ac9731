package io.milena.replication.model;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.milena.replication.LogView;
import io.milena.replication.Replication;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The judges can convict: each of them alone finds a machine that is broken on purpose, and each rule is missed by one of them. */
class InvariantsTest {
    private static final int STORIES_MAX = 400;

    @Test
    void twoLeadersOfOneEpochAreFound() {
        assertFound(Broken::everybodyLeads, OneLeaderPerEpoch::new);
    }

    @Test
    void aHighWatermarkThatGoesBackIsFound() {
        assertFound(Broken::theLeaderCommitsAlone, HighWatermarkNeverGoesBack::new);
    }

    @Test
    void anAcknowledgedRecordThatIsMissingIsFound() {
        assertFound(Broken::theLeaderCommitsAlone, AcknowledgedIsInEveryLaterLeader::new);
    }

    @Test
    void logsThatDisagreeAreFound() {
        assertFound(Broken::nobodyLooksAtEpochs, LogsAgreeBelowTheHighWatermark::new);
    }

    @Test
    void anOffsetThatIsGivenTwiceIsFound() {
        assertFound(Broken::theLeaderCommitsAlone, AnOffsetIsGivenOnce::new);
    }

    @Test
    void replicasThatReportWhatTheyHaveNotForcedAreFound() {
        assertFound(0, Replication::handle, Broken::claimingAllIsForced, Story::everyInvariant);
    }

    @Test
    void aHighWatermarkThatMovesWhileTooFewAreInSyncIsFound() {
        assertFound(0, Broken::tooFewAreEnough, log -> log, Story::everyInvariant);
    }

    @Test
    void anAnswerThatComesTooLateAndIsAppendedIsFound() {
        assertFound(0, Broken::anyAnswerWillDo, log -> log, Story::everyInvariant);
    }

    private static void assertFound(Machine machine, Supplier<Invariant> judge) {
        assertFound(0, machine, log -> log, () -> List.of(judge.get()));
    }

    private static void assertFound(
            long firstSeed, Machine machine, UnaryOperator<LogView> eyes, Supplier<List<Invariant>> judges) {
        for (long seed = firstSeed; seed < firstSeed + STORIES_MAX; seed++) {
            List<Invariant> invariants = judges.get();
            try {
                new Story(seed, Story.Trace.NOT_KEPT, machine, eyes, invariants).tell();
            } catch (Violation found) {
                assertTrue(invariants.contains(found.invariant()));
                return;
            }
        }
        fail("nothing was found in " + STORIES_MAX + " stories");
    }
}
