package io.milena.compatibility.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.compatibility.history.History.Acknowledged;
import io.milena.compatibility.history.History.Answered;
import io.milena.compatibility.history.History.Asked;
import io.milena.compatibility.history.History.Event;
import io.milena.compatibility.history.History.Read;
import io.milena.compatibility.history.History.Sent;
import io.milena.compatibility.history.History.Value;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each kind of violation is found, and nothing else is. */
class HistoryCheckerTest {
    private static final Value FIRST = new Value(1, 0, 0);
    private static final Value SECOND = new Value(1, 0, 1);

    private static List<Anomaly> check(List<Value> log, Event... events) {
        History history = new History();
        List.of(events).forEach(history::add);
        SortedMap<Long, Value> records = new TreeMap<>();
        log.forEach(value -> records.put((long) records.size(), value));
        return HistoryChecker.check(history, Map.of(0, records));
    }

    @Test
    void whatIsAsItWasAcknowledgedAndReadIsAccepted() {
        assertEquals(
                List.of(),
                check(
                        List.of(FIRST, SECOND),
                        new Sent(FIRST),
                        new Sent(SECOND),
                        new Acknowledged(FIRST, 0),
                        new Read("a", 0, 0, FIRST),
                        new Asked(1, 0),
                        new Acknowledged(SECOND, 1),
                        new Answered(1, 0, 1),
                        new Read("a", 0, 1, SECOND)));
    }

    /** Nobody was told that it is there, or that it is not. */
    @Test
    void whatWasNotAcknowledgedMayBeThereOrNot() {
        assertEquals(List.of(), check(List.of(FIRST), new Sent(FIRST)));
        assertEquals(List.of(), check(List.of(), new Sent(FIRST)));
        assertEquals(List.of(), check(List.of(SECOND), new Sent(FIRST), new Sent(SECOND)));
    }

    @Test
    void aLostRecordIsFound() {
        assertEquals(
                List.of(new Anomaly.Lost(SECOND, 1)),
                check(
                        List.of(FIRST),
                        new Sent(FIRST),
                        new Sent(SECOND),
                        new Acknowledged(FIRST, 0),
                        new Acknowledged(SECOND, 1)));
    }

    @Test
    void anAcknowledgmentWithoutAnOffsetSaysThatTheRecordIsThere() {
        assertEquals(List.of(), check(List.of(FIRST), new Sent(FIRST), new Acknowledged(FIRST, -1)));
        assertEquals(
                List.of(new Anomaly.Lost(FIRST, -1)), check(List.of(), new Sent(FIRST), new Acknowledged(FIRST, -1)));
    }

    @Test
    void aRecordThatIsElsewhereThanAcknowledgedIsFound() {
        assertEquals(
                List.of(new Anomaly.Lost(FIRST, 1)),
                check(List.of(FIRST), new Sent(FIRST), new Acknowledged(FIRST, 1)));
    }

    @Test
    void aDuplicateIsFound() {
        assertEquals(
                List.of(new Anomaly.Duplicated(FIRST, 1)),
                check(List.of(FIRST, FIRST), new Sent(FIRST), new Acknowledged(FIRST, 0)));
    }

    @Test
    void anotherOrderIsFound() {
        assertEquals(
                List.of(new Anomaly.Reordered(FIRST, 1)),
                check(List.of(SECOND, FIRST), new Sent(FIRST), new Sent(SECOND)));
    }

    @Test
    void aRecordThatNobodySentIsFound() {
        assertEquals(List.of(new Anomaly.Phantom(0, 0, FIRST)), check(List.of(FIRST)));
        Value ofAnotherPartition = new Value(1, 7, 0);
        assertEquals(
                List.of(new Anomaly.Phantom(0, 0, ofAnotherPartition)),
                check(List.of(ofAnotherPartition), new Sent(ofAnotherPartition)));
        assertEquals(
                List.of(new Anomaly.Phantom(0, 5, SECOND)),
                check(List.of(FIRST), new Sent(FIRST), new Read("a", 0, 5, SECOND)));
    }

    @Test
    void aRecordThatWasReadAndIsGoneIsFound() {
        Read read = new Read("a", 0, 0, FIRST);
        assertEquals(List.of(new Anomaly.Changed(read)), check(List.of(), new Sent(FIRST), read));
        assertEquals(
                List.of(new Anomaly.Changed(read)), check(List.of(SECOND), new Sent(FIRST), new Sent(SECOND), read));
    }

    @Test
    void aReaderThatIsSentBackOrMissesSomethingIsFound() {
        Read again = new Read("a", 0, 0, FIRST);
        assertEquals(
                List.of(new Anomaly.Jumped(again, 1)),
                check(List.of(FIRST), new Sent(FIRST), again, new Read("b", 0, 0, FIRST), again));
        Value third = new Value(1, 0, 2);
        Read late = new Read("a", 0, 2, third);
        assertEquals(
                List.of(new Anomaly.Jumped(late, 1)),
                check(List.of(FIRST, SECOND, third), new Sent(FIRST), new Sent(SECOND), new Sent(third), again, late));
    }

    @Test
    void anAnswerThatIsOutOfDateIsFound() {
        Answered answer = new Answered(1, 0, 1);
        assertEquals(
                List.of(new Anomaly.Stale(answer, 2)),
                check(
                        List.of(FIRST, SECOND),
                        new Sent(FIRST),
                        new Sent(SECOND),
                        new Acknowledged(FIRST, 0),
                        new Acknowledged(SECOND, 1),
                        new Asked(1, 0),
                        answer));
    }
}
