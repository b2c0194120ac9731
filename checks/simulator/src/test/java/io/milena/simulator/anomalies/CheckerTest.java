package io.milena.simulator.anomalies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.simulator.anomalies.Anomaly.Kind;
import io.milena.simulator.anomalies.TransactionHistory.Reader;
import io.milena.simulator.anomalies.TransactionHistory.Seen;
import io.milena.simulator.anomalies.TransactionHistory.Transaction;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Small histories, each with one anomaly, of which the checker finds this one and no other. */
class CheckerTest {
    private static final int X = 0;
    private static final int Y = 1;

    private final TransactionHistory history = new TransactionHistory();
    private final Reader x = history.read(X, 0);
    private final Reader y = history.read(Y, 0);

    private void assertFound(Kind... kinds) {
        Set<Kind> expected = EnumSet.noneOf(Kind.class);
        expected.addAll(List.of(kinds));
        List<Anomaly> found = Checker.check(history);
        assertEquals(expected, found.stream().map(Anomaly::kind).collect(Collectors.toSet()), found.toString());
    }

    private static void commit(Transaction transaction) {
        transaction.askToCommit();
        transaction.confirm();
    }

    /** A transaction that appends one value to each key, is committed, and is acknowledged at these offsets. */
    private long[] committed(long offsetInX, long offsetInY) {
        Transaction transaction = history.begin();
        long[] values = {transaction.append(X), transaction.append(Y)};
        transaction.appended(values[0], offsetInX);
        transaction.appended(values[1], offsetInY);
        commit(transaction);
        return values;
    }

    private static List<Seen> seen(long offset, long value) {
        return List.of(new Seen(offset, value));
    }

    @Test
    void nothingIsWrongWithTransactionsThatAreSeenInOrder() {
        long[] first = committed(0, 0);
        long[] second = committed(2, 2);
        Transaction aborted = history.begin();
        aborted.appended(aborted.append(X), 4);
        Transaction reads = history.begin();
        x.poll(reads, List.of(new Seen(0, first[0]), new Seen(2, second[0])));
        long answer = reads.append(Y);
        reads.appended(answer, 4);
        commit(reads);
        y.poll(seen(0, first[1]));
        y.poll(List.of(new Seen(2, second[1]), new Seen(4, answer)));
        history.complete();
        assertFound();
    }

    @Test
    void aTransactionWithoutAnAnswerMayBeSeenWholeOrNotAtAll() {
        Transaction seen = history.begin();
        long inX = seen.append(X);
        long inY = seen.append(Y);
        seen.askToCommit();
        Transaction gone = history.begin();
        gone.append(X);
        gone.askToCommit();
        x.poll(seen(0, inX));
        y.poll(seen(0, inY));
        history.complete();
        assertFound();
    }

    @Test
    void twoValuesAtOneOffset() {
        long[] first = committed(0, 0);
        long[] second = committed(2, 2);
        x.poll(List.of(new Seen(0, first[0]), new Seen(2, second[0])));
        y.poll(List.of(new Seen(0, first[1]), new Seen(2, second[1])));
        Transaction other = history.begin();
        long value = other.append(X);
        commit(other);
        history.read(X, 2).poll(seen(2, value));
        assertFound(Kind.INCONSISTENT_OFFSET);
    }

    @Test
    void aValueElsewhereThanAcknowledged() {
        long[] values = committed(0, 0);
        x.poll(seen(1, values[0]));
        y.poll(seen(0, values[1]));
        assertFound(Kind.INCONSISTENT_OFFSET);
    }

    @Test
    void aValueThatIsThereTwice() {
        Transaction transaction = history.begin();
        long value = transaction.append(X);
        commit(transaction);
        x.poll(List.of(new Seen(0, value), new Seen(2, value)));
        assertFound(Kind.DUPLICATE);
    }

    @Test
    void aValueThatNobodyAppended() {
        x.poll(seen(0, 77));
        assertFound(Kind.PHANTOM);
    }

    @Test
    void aValueInAnotherKeyThanItWasAppendedTo() {
        Transaction transaction = history.begin();
        long value = transaction.append(Y);
        commit(transaction);
        x.poll(seen(0, value));
        assertFound(Kind.PHANTOM);
    }

    @Test
    void aValueOfAnAbortedTransaction() {
        Transaction aborted = history.begin();
        x.poll(seen(0, aborted.append(X)));
        assertFound(Kind.ABORTED_READ);
    }

    @Test
    void aValueBeforeItsCommit() {
        Transaction early = history.begin();
        x.poll(seen(0, early.append(X)));
        commit(early);
        assertFound(Kind.UNCOMMITTED_READ);
    }

    @Test
    void aPollThatPassesByAValueOfATransactionItSees() {
        Transaction transaction = history.begin();
        long[] values = {transaction.append(X), transaction.append(X), transaction.append(X)};
        commit(transaction);
        x.poll(List.of(new Seen(0, values[0]), new Seen(2, values[2])));
        history.read(X, 0).poll(seen(0, values[0]));
        history.read(X, 1).poll(seen(1, values[1]));
        assertFound(Kind.INTERMEDIATE_READ);
    }

    @Test
    void aCommittedValueThatNobodySees() {
        long[] first = committed(0, 0);
        long[] second = committed(2, 2);
        x.poll(seen(2, second[0]));
        y.poll(List.of(new Seen(0, first[1]), new Seen(2, second[1])));
        assertFound(Kind.LOST_WRITE);
    }

    @Test
    void aCommittedValueThatIsNotThereAtTheEnd() {
        committed(0, 0);
        assertFound();
        history.complete();
        assertFound(Kind.LOST_WRITE);
    }

    @Test
    void halfATransactionWithoutAnAnswer() {
        Transaction torn = history.begin();
        long value = torn.append(X);
        torn.append(Y);
        torn.askToCommit();
        x.poll(seen(0, value));
        assertFound();
        history.complete();
        assertFound(Kind.TORN_TRANSACTION);
    }

    @Test
    void aReaderThatPassesByWhatOthersSee() {
        long[] first = committed(0, 0);
        long[] second = committed(2, 2);
        long[] third = committed(4, 4);
        x.poll(seen(0, first[0]));
        x.poll(seen(4, third[0]));
        history.read(X, 2).poll(seen(2, second[0]));
        y.poll(List.of(new Seen(0, first[1]), new Seen(2, second[1]), new Seen(4, third[1])));
        assertFound(Kind.SKIPPED_POLL);
    }

    @Test
    void aReaderThatDoesNotBeginWhereItIsTo() {
        long[] first = committed(0, 0);
        long[] second = committed(2, 2);
        x.poll(seen(2, second[0]));
        history.read(X, 0).poll(seen(0, first[0]));
        y.poll(List.of(new Seen(0, first[1]), new Seen(2, second[1])));
        assertFound(Kind.SKIPPED_POLL);
    }

    @Test
    void aReaderThatSeesAgainWhatItHasSeen() {
        long[] values = committed(0, 0);
        x.poll(seen(0, values[0]));
        x.poll(seen(0, values[0]));
        y.poll(seen(0, values[1]));
        assertFound(Kind.REPEATED_POLL);
    }

    @Test
    void transactionsThatFollowEachOtherInACircle() {
        long[] first = committed(0, 2);
        long[] second = committed(2, 0);
        x.poll(List.of(new Seen(0, first[0]), new Seen(2, second[0])));
        y.poll(List.of(new Seen(0, second[1]), new Seen(2, first[1])));
        assertFound(Kind.WRITE_CYCLE);
    }

    @Test
    void transactionsThatSeeEachOther() {
        Transaction one = history.begin();
        long inX = one.append(X);
        Transaction other = history.begin();
        long inY = other.append(Y);
        one.askToCommit();
        other.askToCommit();
        y.poll(one, seen(0, inY));
        x.poll(other, seen(0, inX));
        one.confirm();
        other.confirm();
        assertFound(Kind.READ_CYCLE);
    }

    @Test
    void threeTransactionsThatSeeEachOther() {
        Transaction[] all = {history.begin(), history.begin(), history.begin()};
        long[] values = new long[3];
        for (int i = 0; i < 3; i++) {
            values[i] = all[i].append(i);
            all[i].askToCommit();
        }
        for (int i = 0; i < 3; i++) {
            history.read(i, 0).poll(all[(i + 1) % 3], seen(0, values[i]));
        }
        assertFound(Kind.READ_CYCLE);
    }

    @Test
    void aTransactionThatSeesWhatFollowsIt() {
        Transaction one = history.begin();
        long first = one.append(X);
        Transaction other = history.begin();
        long second = other.append(X);
        long sign = other.append(Y);
        commit(other);
        y.poll(one, seen(0, sign));
        commit(one);
        x.poll(List.of(new Seen(0, first), new Seen(2, second)));
        assertFound(Kind.INFORMATION_CYCLE);
    }

    /** Of a run of real processes for minutes: each transaction sees what the one before has appended. */
    @Test
    void aLongHistoryIsJudgedToo() {
        long before = -1;
        for (int i = 0; i < 50_000; i++) {
            Transaction transaction = history.begin();
            if (before >= 0) {
                x.poll(transaction, seen(i - 1, before));
            }
            before = transaction.append(X);
            transaction.appended(before, i);
            commit(transaction);
        }
        x.poll(seen(49_999, before));
        history.complete();
        assertFound();
    }
}
