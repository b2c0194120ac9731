package io.milena.transactions;

import static io.milena.transactions.Host.FIRST;
import static io.milena.transactions.Host.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.milena.protocol.ErrorCode;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The coordinator dies at each state of a transaction, and its answer with it; the next one reads what is written down, and the client asks again. */
class FailOverTest {
    private static Outcome other(Outcome outcome) {
        return outcome == Outcome.COMMIT ? Outcome.ABORT : Outcome.COMMIT;
    }

    private static Producer next(Producer producer, TransactionVersion version) {
        return version.bumpsEpochs() ? new Producer(producer.id(), (short) (producer.epoch() + 1)) : producer;
    }

    private static List<Effect.WriteMarkers> markers(Producer producer, Outcome outcome, TransactionVersion version) {
        return List.of(new Effect.WriteMarkers(
                Host.ID, next(producer, version), outcome, version, new TreeSet<>(List.of(FIRST, SECOND))));
    }

    private static void commits(Host host, Producer producer, TransactionVersion version) {
        assertEquals(ErrorCode.NONE, host.add(producer, FIRST));
        Result ended = host.end(producer, Outcome.COMMIT);
        assertEquals(ErrorCode.NONE, ended.error());
        host.writeMarkers();
        assertEquals("CompleteCommit", host.state());
        assertEquals(next(producer, version), ended.producer());
    }

    @ParameterizedTest
    @EnumSource(TransactionVersion.class)
    void anIdWithoutATransactionIsKnownToTheNextCoordinator(TransactionVersion version) {
        Host host = new Host(version);
        Producer zombie = host.init(null).producer();
        Producer producer = host.init(null).producer();
        host.restart();
        assertEquals("Empty", host.state());
        assertEquals(ErrorCode.PRODUCER_FENCED, host.add(zombie, FIRST));
        commits(host, producer, version);
    }

    @ParameterizedTest
    @EnumSource(TransactionVersion.class)
    void anOpenTransactionGoesOnAtTheNextCoordinator(TransactionVersion version) {
        Host host = new Host(version);
        Producer zombie = host.init(null).producer();
        Producer producer = host.init(null).producer();
        host.add(producer, FIRST, SECOND);
        host.restart();
        assertEquals("Ongoing", host.state());
        assertEquals(ErrorCode.NONE, host.add(producer, SECOND)); // again
        assertEquals(ErrorCode.NONE, host.verify(producer, FIRST, SECOND));
        assertEquals(ErrorCode.PRODUCER_FENCED, host.end(zombie, Outcome.ABORT).error());
        assertEquals(next(producer, version), host.end(producer, Outcome.COMMIT).producer());
        assertEquals(markers(producer, Outcome.COMMIT, version), host.markers());
    }

    @ParameterizedTest
    @CsvSource({"TV0, COMMIT", "TV0, ABORT", "TV1, COMMIT", "TV1, ABORT", "TV2, COMMIT", "TV2, ABORT"})
    void whatIsDecidedIsEndedByTheNextCoordinatorAsItWasDecided(TransactionVersion version, Outcome outcome) {
        Host host = new Host(version);
        Producer producer = host.init(null).producer();
        host.add(producer, FIRST, SECOND);
        host.end(producer, outcome);
        host.restart();
        // It is ended as it was decided, whatever is asked for
        assertEquals(markers(producer, outcome, version), host.markers());
        assertEquals(
                ErrorCode.CONCURRENT_TRANSACTIONS, host.end(producer, outcome).error());
        assertEquals(
                ErrorCode.INVALID_TXN_STATE, host.end(producer, other(outcome)).error());
        assertEquals(ErrorCode.CONCURRENT_TRANSACTIONS, host.init(null).error());
        assertNotEquals(ErrorCode.NONE, host.add(producer, FIRST));
        assertEquals(1, host.markers().size());
        // And when it is, the retry is told so
        host.writeMarkers();
        Result again = host.end(producer, outcome);
        assertEquals(ErrorCode.NONE, again.error());
        assertEquals(next(producer, version), again.producer());
        commits(host, again.producer(), version);
    }

    @ParameterizedTest
    @CsvSource({"TV0, COMMIT", "TV0, ABORT", "TV1, COMMIT", "TV1, ABORT", "TV2, COMMIT", "TV2, ABORT"})
    void theNextCoordinatorTellsAgainHowATransactionHasEnded(TransactionVersion version, Outcome outcome) {
        Host host = new Host(version);
        Producer producer = host.init(null).producer();
        host.add(producer, FIRST, SECOND);
        host.end(producer, outcome);
        host.writeMarkers();
        host.restart();
        assertEquals(List.of(), host.markers());
        assertEquals(
                ErrorCode.INVALID_TXN_STATE, host.end(producer, other(outcome)).error());
        Result again = host.end(producer, outcome);
        assertEquals(ErrorCode.NONE, again.error());
        assertEquals(next(producer, version), again.producer());
        commits(host, again.producer(), version);
    }

    /** Between what is decided and what is complete, two coordinators die: the markers are asked for by each, and once is enough. */
    @ParameterizedTest
    @EnumSource(Outcome.class)
    void twoCoordinatorsInARowAskForTheSameMarkers(Outcome outcome) {
        Host host = new Host(TransactionVersion.TV2);
        Producer producer = host.init(null).producer();
        host.add(producer, FIRST, SECOND);
        host.end(producer, outcome);
        host.restart();
        host.restart();
        assertEquals(markers(producer, outcome, TransactionVersion.TV2), host.markers());
        host.writeMarkers();
        assertEquals(ErrorCode.NONE, host.end(producer, outcome).error());
    }

    /** A successor has fenced a producer, whose transaction is being aborted: it learns nothing of its successor's, at the next coordinator as little as at this one. */
    @Test
    void aFencedProducerStaysFencedAtTheNextCoordinator() {
        Host host = new Host(TransactionVersion.TV2);
        Producer zombie = host.init(null).producer();
        host.add(zombie, FIRST, SECOND);
        assertEquals(ErrorCode.CONCURRENT_TRANSACTIONS, host.init(null).error());
        host.restart();
        assertEquals(markers(zombie, Outcome.ABORT, TransactionVersion.TV2), host.markers());
        host.writeMarkers();
        Producer successor = host.init(null).producer();
        host.restart();
        assertEquals(ErrorCode.PRODUCER_FENCED, host.add(zombie, FIRST));
        assertEquals(ErrorCode.PRODUCER_FENCED, host.end(zombie, Outcome.COMMIT).error());
        assertEquals(ErrorCode.PRODUCER_FENCED, host.init(zombie).error());
        commits(host, successor, TransactionVersion.TV2);
    }
}
