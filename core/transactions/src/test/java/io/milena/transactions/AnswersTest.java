package io.milena.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            PrepareAbort   | verify  | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | commit  | PRODUCER_FENCED         | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | abort   | PRODUCER_FENCED         | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | init    | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS
            CompleteCommit | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | verify  | TRANSACTION_ABORTABLE   | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | commit  | INVALID_TXN_STATE       | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | abort   | NONE                    | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | init    | NONE                    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | verify  | TRANSACTION_ABORTABLE   | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | commit  | INVALID_TXN_STATE       | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | abort   | NONE                    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | init    | NONE                    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED
            """;

    private static final String TV0 = """
            state          | request | present                 | before                  | older                   | next
            Empty          | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | verify  | TRANSACTION_ABORTABLE   | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | commit  | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | abort   | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Empty          | init    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | verify  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | commit  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | abort   | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            Ongoing        | init    | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | add     | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | verify  | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | commit  | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | abort   | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareCommit  | init    | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS
            PrepareAbort   | add     | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | verify  | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | commit  | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | abort   | CONCURRENT_TRANSACTIONS | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            PrepareAbort   | init    | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS | CONCURRENT_TRANSACTIONS
            CompleteCommit | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | verify  | TRANSACTION_ABORTABLE   | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | commit  | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | abort   | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteCommit | init    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | add     | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | verify  | TRANSACTION_ABORTABLE   | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | commit  | INVALID_TXN_STATE       | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | abort   | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            CompleteAbort  | init    | NONE                    | PRODUCER_FENCED         | PRODUCER_FENCED         | PRODUCER_FENCED
            """;

    private static final List<String> STATES =
            List.of("Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort");
    private static final List<String> REQUESTS = List.of("add", "verify", "commit", "abort", "init");
    private static final List<String> EPOCHS = List.of("present", "before", "older", "next");

    @ParameterizedTest(name = "{0} in {1} with epoch {2}")
    @MethodSource("version2")
    void clientsThatKnowVersion2(String request, String state, String epoch, String expected) {
        assertEquals(expected, answer(TransactionVersion.TV2, state, request, epoch));
    }

    @ParameterizedTest(name = "{0} in {1} with epoch {2}")
    @MethodSource("version0")
    void olderClients(String request, String state, String epoch, String expected) {
        assertEquals(expected, answer(TransactionVersion.TV0, state, request, epoch));
    }

    @ParameterizedTest
    @ValueSource(strings = {TV2, TV0})
    void noRequestIsLeftOutInAnyState(String table) {
        List<String> all = STATES.stream()
                .flatMap(state -> REQUESTS.stream().map(request -> state + " " + request))
                .toList();
        List<String> rows = table.lines()
                .skip(1)
                .map(line -> line.split("\\|"))
                .map(cells -> cells[0].strip() + " " + cells[1].strip())
                .toList();
        assertEquals(all, rows);
    }

    static Stream<Arguments> version2() {
        return cells(TV2);
    }

    static Stream<Arguments> version0() {
        return cells(TV0);
    }

    private static Stream<Arguments> cells(String table) {
        List<Arguments> all = new ArrayList<>();
        for (String line : table.lines().skip(1).toList()) {
            List<String> cells = Stream.of(line.split("\\|")).map(String::strip).toList();
            for (int i = 0; i < EPOCHS.size(); i++) {
                all.add(Arguments.of(cells.get(1), cells.get(0), EPOCHS.get(i), cells.get(2 + i)));
            }
        }
        return all.stream();
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
