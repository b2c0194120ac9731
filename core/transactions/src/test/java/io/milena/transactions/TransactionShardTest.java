package io.milena.transactions;

import static io.milena.transactions.Host.FIRST;
import static io.milena.transactions.Host.ID;
import static io.milena.transactions.Host.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListTransactionsRequest;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of transactions: fencing, ends, time-outs, epochs that run out, restarts. */
class TransactionShardTest {
    private final Host host = new Host(TransactionVersion.TV2);

    @Test
    void aNewIdHasAProducerIdThatNobodyElseHas() {
        assertEquals(new Producer(1000, (short) 0), host.init(null).producer());
    }

    @Test
    void whereTheHostHasBroughtNoProducerIdTheClientComesAgain() {
        assertTrue(host.shard().wantsProducerId(ID));
        Command init = new Command.InitProducerId(ID, 60_000, null, OptionalLong.empty());
        assertEquals(
                ErrorCode.CONCURRENT_TRANSACTIONS,
                host.shard().handle(init, host.nowMs()).result().error());
    }

    @Test
    void aTimeoutIsAtLeastOneMillisecondAndAtMostWhatIsSet() {
        for (int timeoutMs : new int[] {0, -1, 900_001}) {
            Command init = new Command.InitProducerId(ID, timeoutMs, null, OptionalLong.of(7));
            assertEquals(
                    ErrorCode.INVALID_TRANSACTION_TIMEOUT, host.handle(init).error());
        }
    }

    @Test
    void anEndGivesTheNextEpochAndItsMarkersCarryIt() {
        Producer producer = begun(FIRST, SECOND);

        Result ended = host.end(producer, Outcome.COMMIT);

        Producer next = new Producer(producer.id(), (short) (producer.epoch() + 1));
        assertEquals(Result.of(next), ended);
        assertEquals(
                List.of(new Effect.WriteMarkers(
                        ID, next, Outcome.COMMIT, TransactionVersion.TV2, new TreeSet<>(List.of(FIRST, SECOND)))),
                host.markers());
        host.writeMarkers();
        assertEquals("CompleteCommit", host.state());
    }

    @Test
    void anOlderClientKeepsItsEpochThroughEnds() {
        Host older = new Host(TransactionVersion.TV0);
        Producer producer = older.init(null).producer();
        older.add(producer, FIRST);

        assertEquals(Result.of(producer), older.end(producer, Outcome.ABORT));
        assertEquals(producer, older.markers().getFirst().producer());
        older.writeMarkers();
        assertEquals(ErrorCode.NONE, older.add(producer, FIRST));
    }

    @Test
    void theRetryOfAnEndIsToldTheSameAgain() {
        Producer producer = begun(FIRST);
        Result ended = host.end(producer, Outcome.COMMIT);
        host.writeMarkers();

        assertEquals(ended, host.end(producer, Outcome.COMMIT));
        host.restart();
        assertEquals(ended, host.end(producer, Outcome.COMMIT), "also after a restart");
    }

    @Test
    void aProducerFencesItsPredecessorAndAbortsWhatItHasOpen() {
        Producer zombie = begun(FIRST);

        assertEquals(ErrorCode.CONCURRENT_TRANSACTIONS, host.init(null).error());
        assertEquals(Outcome.ABORT, host.markers().getFirst().outcome());
        assertEquals(ErrorCode.PRODUCER_FENCED, host.add(zombie, SECOND));
        assertEquals(ErrorCode.PRODUCER_FENCED, host.verify(zombie, FIRST));
        host.writeMarkers();
        Producer successor = host.init(null).producer();

        assertEquals(new Producer(zombie.id(), (short) (zombie.epoch() + 2)), successor);
        assertEquals(ErrorCode.PRODUCER_FENCED, host.end(zombie, Outcome.COMMIT).error());
        assertEquals(ErrorCode.PRODUCER_FENCED, host.init(zombie).error());
    }

    /** Its answer was lost, and its successor came before it asked again: that it is fenced says nothing of what it has committed. */
    @Test
    void aProducerThatIsToldThatItIsFencedMayHaveCommitted() {
        Producer zombie = begun(FIRST);
        host.end(zombie, Outcome.COMMIT);
        host.writeMarkers();
        assertEquals("CompleteCommit", host.state());
        host.init(null);

        assertEquals(ErrorCode.PRODUCER_FENCED, host.end(zombie, Outcome.COMMIT).error());
    }

    @Test
    void aFencedProducerCannotAbortWhatItsSuccessorHasOpen() {
        Producer zombie = host.init(null).producer();
        Producer successor = host.init(null).producer();
        host.add(successor, FIRST);

        assertEquals(ErrorCode.PRODUCER_FENCED, host.init(zombie).error());
        assertEquals("Ongoing", host.state());
    }

    @Test
    void aProducerThatGoesOnGetsTheNextEpochOnceHoweverOftenItAsks() {
        Producer producer = host.init(null).producer();
        Producer next = host.init(producer).producer();

        assertEquals(producer.epoch() + 1, next.epoch());
        assertEquals(next, host.init(producer).producer());
        host.init(null);
        assertEquals(ErrorCode.PRODUCER_FENCED, host.init(producer).error(), "somebody has come after it");
    }

    @Test
    void aTransactionThatNobodyEndsIsAbortedInTime() {
        Producer producer = begun(FIRST);
        host.advance(30_000);
        host.add(producer, SECOND);
        host.advance(29_999);
        assertEquals("Ongoing", host.state());

        host.advance(1);

        assertEquals("PrepareAbort", host.state());
        assertEquals(2, host.markers().getFirst().partitions().size());
        host.writeMarkers();
        assertEquals(
                ErrorCode.INVALID_TXN_STATE, host.end(producer, Outcome.COMMIT).error());
        Result aborted = host.end(producer, Outcome.ABORT);
        assertEquals(producer.epoch() + 1, aborted.producer().epoch(), "it goes on with its next epoch");
        assertEquals(ErrorCode.NONE, host.add(aborted.producer(), FIRST));
    }

    @Test
    void anOlderClientWhoseTransactionWasAbortedInTimeIsFenced() {
        Host older = new Host(TransactionVersion.TV0);
        Producer producer = older.init(null).producer();
        older.add(producer, FIRST);
        older.advance(60_000);
        older.writeMarkers();

        assertEquals(ErrorCode.PRODUCER_FENCED, older.add(producer, FIRST));
        assertEquals(
                ErrorCode.PRODUCER_FENCED, older.end(producer, Outcome.ABORT).error());
        assertEquals(ErrorCode.PRODUCER_FENCED, older.init(producer).error());
    }

    @Test
    void theTimeoutCountsFromTheBeginningOfEachTransaction() {
        Producer first = begun(FIRST);
        host.advance(50_000);
        Producer second = host.end(first, Outcome.COMMIT).producer();
        host.writeMarkers();
        host.add(second, FIRST);
        host.advance(50_000);
        assertEquals("Ongoing", host.state());
        host.advance(10_000);
        assertEquals("PrepareAbort", host.state());
    }

    @Test
    void aTimeoutThatCannotBeWrittenDownIsTriedAgain() {
        begun(FIRST);
        host.failNextAppend(ErrorCode.KAFKA_STORAGE_ERROR);
        host.advance(60_000);
        assertEquals("Ongoing", host.state());
        assertTrue(host.markers().isEmpty());
        host.advance(1_000);
        assertEquals("PrepareAbort", host.state());
    }

    @Test
    void whatCannotBeWrittenDownDoesNotHappen() {
        Producer producer = begun(FIRST);
        host.failNextAppend(ErrorCode.KAFKA_STORAGE_ERROR);
        assertEquals(
                ErrorCode.NOT_COORDINATOR, host.end(producer, Outcome.COMMIT).error());
        assertEquals("Ongoing", host.state());
        assertTrue(host.markers().isEmpty());
        assertEquals(ErrorCode.NONE, host.end(producer, Outcome.COMMIT).error());
    }

    @Test
    void addingWhatIsThereWritesNothing() {
        Producer producer = begun(FIRST, SECOND);
        int before = host.recordCount();
        assertEquals(ErrorCode.NONE, host.add(producer, SECOND));
        assertEquals(before, host.recordCount());
    }

    @Test
    void whenTheEpochsAreUsedUpAnEndGivesANewProducerId() {
        Producer producer = withLastEpoch();
        host.add(producer, FIRST);

        Result ended = host.end(producer, Outcome.COMMIT);

        assertEquals(0, ended.producer().epoch());
        assertNotEquals(producer.id(), ended.producer().id());
        assertEquals(
                new Producer(producer.id(), Short.MAX_VALUE),
                host.markers().getFirst().producer());
        host.restart();
        host.writeMarkers();
        assertEquals(ended, host.end(producer, Outcome.COMMIT), "a retry");
        assertEquals(ErrorCode.NONE, host.add(ended.producer(), FIRST));
        assertEquals(ErrorCode.INVALID_PRODUCER_ID_MAPPING, host.add(producer, FIRST));
    }

    @Test
    void whenTheEpochsAreUsedUpAnIntroductionGivesANewProducerId() {
        Producer producer = withLastEpoch();
        Producer next = host.init(producer).producer();
        assertEquals(0, next.epoch());
        assertNotEquals(producer.id(), next.id());
        assertEquals(next, host.init(producer).producer(), "a retry");
    }

    @Test
    void aFencedProducerWithTheLastEpochDoesNotGetWhatItsSuccessorHas() {
        Producer zombie = withLastEpoch();
        Producer successor = host.init(null).producer();
        assertNotEquals(zombie.id(), successor.id());

        assertEquals(ErrorCode.PRODUCER_FENCED, host.init(zombie).error());
        assertEquals(ErrorCode.PRODUCER_FENCED, host.end(zombie, Outcome.COMMIT).error());
    }

    @Test
    void whenTheEpochsAreUsedUpATimeoutTakesTheLastOne() {
        Producer producer = withLastEpoch();
        host.add(producer, FIRST);
        host.advance(60_000);
        assertEquals(Short.MAX_VALUE, host.markers().getFirst().producer().epoch());
        host.writeMarkers();
        assertEquals(0, host.init(null).producer().epoch());
    }

    /** @return the producer with the last epoch that a producer may have */
    private Producer withLastEpoch() {
        Producer producer = host.init(null).producer();
        for (int epoch = 1; epoch <= Owner.EPOCH_MAX; epoch++) {
            producer = host.init(null).producer();
        }
        assertEquals(Owner.EPOCH_MAX, producer.epoch());
        return producer;
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void afterARestartWhatWasDecidedIsCarriedOut(Outcome outcome) {
        Producer producer = begun(FIRST, SECOND);
        host.end(producer, outcome);
        List<Effect.WriteMarkers> before = List.copyOf(host.markers());

        host.restart();

        assertEquals(before, host.markers());
        host.writeMarkers();
        assertEquals(outcome == Outcome.COMMIT ? "CompleteCommit" : "CompleteAbort", host.state());
    }

    @Test
    void afterARestartAnOpenTransactionGoesOnAndEndsInTime() {
        Producer producer = begun(FIRST);
        host.restart();
        assertEquals(ErrorCode.NONE, host.verify(producer, FIRST));
        assertEquals(ErrorCode.NONE, host.add(producer, SECOND));
        host.advance(60_000);
        assertEquals("PrepareAbort", host.state());
    }

    @Test
    void afterARestartOfACompleteOneNothingIsWritten() {
        Producer producer = begun(FIRST);
        Producer next = host.end(producer, Outcome.COMMIT).producer();
        host.writeMarkers();
        host.restart();
        assertTrue(host.markers().isEmpty());
        assertEquals(ErrorCode.NONE, host.add(next, FIRST));
    }

    @Test
    void markersOfAFormerEndDoNotCompleteTheNext() {
        Producer first = begun(FIRST);
        Producer second = host.end(first, Outcome.COMMIT).producer();
        Effect.WriteMarkers late = host.markers().getFirst();
        host.writeMarkers();
        host.add(second, FIRST);
        host.end(second, Outcome.ABORT);

        host.handle(new Command.MarkersWritten(ID, late.producer()));

        assertEquals("PrepareAbort", host.state());
    }

    @Test
    void anIdThatNobodyUsesIsForgottenUnlessItsTransactionIsOpen() {
        Producer producer = host.init(null).producer();
        host.advance(604_800_000L - 3_600_000);
        assertFalse(host.shard().wantsProducerId(ID));
        host.advance(3_600_000);
        assertTrue(host.shard().wantsProducerId(ID));
        assertEquals(ErrorCode.INVALID_PRODUCER_ID_MAPPING, host.add(producer, FIRST));
        host.restart();
        assertNull(host.shard().transaction(ID));
    }

    @Test
    void administratorsAreToldWhatIsOpen() {
        Producer producer = begun(FIRST, SECOND);
        var described = host.shard().describe(ID);
        assertEquals(producer.id(), described.producerId());
        assertEquals(List.of(0, 1), described.topics().getFirst().partitions());
        assertEquals(
                ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code(),
                host.shard().describe("nobody").errorCode());
        var all = ListTransactionsRequest.builder();
        assertEquals(1, list(all.build()));
        assertEquals(1, list(all.stateFilters(List.of("Ongoing")).build()));
        assertEquals(0, list(all.stateFilters(List.of("Empty")).build()));
        all.stateFilters(List.of());
        assertEquals(0, list(all.producerIdFilters(List.of(1L)).build()));
        all.producerIdFilters(List.of());
        assertEquals(0, list(all.durationFilter(10).build()));
        host.advance(11);
        assertEquals(1, list(all.durationFilter(10).build()));
    }

    private int list(ListTransactionsRequest request) {
        return host.shard().list(request, host.nowMs()).size();
    }

    private Producer begun(TopicPartition... partitions) {
        Producer producer = host.init(null).producer();
        assertEquals(ErrorCode.NONE, host.add(producer, partitions));
        return producer;
    }
}
