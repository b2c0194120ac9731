package io.milena.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every request in every state, with the right, an old and a future epoch, of clients that know {@code transaction.version} 2 and of older ones. In states after the end of a transaction of version 2 the
 * epoch before the present one is that of the request which has ended it: then it is a retry.
 */
class AnswersTest {
    /** A state, and for each request its answers with the present epoch, the one before, the one before that, and the next. */
    private static final String TV2 = """
            state          | request | present                 | before                  | older                   | next
            Empty          | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | verify  | TRANSACTION_ABORTABLE   | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | commit  | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | abort   | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | init    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | verify  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | commit  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | abort   | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | init    | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | add     | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | verify  | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | commit  | PRODUCER_FENCED         | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | abort   | PRODUCER_FENCED         | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | init    | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS
            PrepareAbort   | add     | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | commit  | PRODUCER_FENCED         | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | abort   | PRODUCER_FENCED         | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | verify  | TRANSACTION_ABORTABLE   | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | commit  | INVALID_TXN_STATE       | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | abort   | NONE                    | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | init    | NONE                    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | commit  | INVALID_TXN_STATE       | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | abort   | NONE                    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | init    | NONE                    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            """;

    private static final String TV0 = """
            state          | request | present                 | before                  | older                   | next
            Empty          | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | commit  | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | abort   | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | init    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | verify  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | commit  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | abort   | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | init    | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | add     | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | commit  | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | abort   | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | commit  | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | abort   | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | commit  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | abort   | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | init    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | commit  | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | abort   | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            """;

    private static final List<String> EPOCHS = List.of("present", "before", "older", "next");

    @TestFactory
    Stream<DynamicTest> clientsThatKnowVersion2() {
        return tests(TV2, TransactionVersion.TV2);
    }

    @TestFactory
    Stream<DynamicTest> olderClients() {
        return tests(TV0, TransactionVersion.TV0);
    }

    private static Stream<DynamicTest> tests(String table, TransactionVersion version) {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : table.lines().skip(1).toList()) {
            List<String> cells = Stream.of(line.split("\\|")).map(String::strip).toList();
            for (int i = 0; i < EPOCHS.size(); i++) {
                String state = cells.get(0);
                String request = cells.get(1);
                String epoch = EPOCHS.get(i);
                String expected = cells.get(2 + i);
                tests.add(dynamicTest(
                        request + " in " + state + " with epoch " + epoch,
                        () -> assertEquals(expected, answer(version, state, request, epoch))));
            }
        }
        return tests.stream();
    }

    private static String answer(TransactionVersion version, String state, String request, String epoch) {
        Host host = new Host(version);
        host.init(null);
        host.init(null);
        Producer present = inState(host, host.init(null).producer(), state);
        assertEquals(state, host.state());
        int difference = switch (epoch) {
            case "before" -> -1;
            case "older" -> -2;
            case "next" -> 1;
            default -> 0;
        };
        Producer producer = new Producer(present.id(), (short) (present.epoch() + difference));
        return switch (request) {
            case "add" -> host.add(producer, Host.FIRST).name();
            case "verify" -> host.verify(producer, Host.FIRST).name();
            case "commit" -> host.end(producer, Outcome.COMMIT).error().name();
            case "abort" -> host.end(producer, Outcome.ABORT).error().name();
            default -> host.init(producer).error().name();
        };
    }

    private static Producer inState(Host host, Producer producer, String state) {
        if (state.equals("Empty")) {
            return producer;
        }
        host.add(producer, Host.FIRST);
        if (state.equals("Ongoing")) {
            return producer;
        }
        Producer after = host.end(producer, state.endsWith("Commit") ? Outcome.COMMIT : Outcome.ABORT)
                .producer();
        if (state.startsWith("Complete")) {
            host.writeMarkers();
        }
        return after;
    }
}
