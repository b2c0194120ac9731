package io.milena.simulator;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();
    private final int writer = history.addWriter();
    private final History.Entry first = history.next(writer);
    private final History.Entry second = history.next(writer);

    @Test
    void whatWasAcknowledgedWithoutAnOffsetMustBeSomewhere() {
        history.acknowledged(second);
        assertDoesNotThrow(() -> history.check(List.of(first, second)));
        assertThrows(History.Violation.class, () -> history.check(List.of(first)));
    }

    @Test
    void whatWasAcknowledgedOrReadMustBeAtItsOffset() {
        history.acknowledged(0, first);
        history.seen(1, second);
        assertDoesNotThrow(() -> history.check(List.of(first, second)));
        assertThrows(History.Violation.class, () -> history.check(List.of(second, first)));
        assertThrows(History.Violation.class, () -> history.check(List.of(first)));
    }

    @Test
    void nothingIsThereTwiceOrUnsentOrOutOfOrder() {
        assertThrows(History.Violation.class, () -> history.check(List.of(first, first)));
        assertThrows(
                History.Violation.class, () -> history.check(List.of(first, second, new History.Entry(writer, 2))));
        assertThrows(History.Violation.class, () -> history.check(List.of(second)));
    }
}
