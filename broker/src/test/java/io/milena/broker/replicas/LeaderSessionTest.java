package io.milena.broker.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.replication.FetchPosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeaderSessionTest {
    private static final FetchPosition AT_1 = new FetchPosition(1, 0, 1, 0, 0, 0);
    private static final FetchPosition AT_2 = new FetchPosition(1, 0, 2, 0, 0, 0);

    private final LeaderSession<String> session = new LeaderSession<>();

    @Test
    void namesEverythingOnceAndThenOnlyWhatIsNew() {
        // Given
        LeaderSession.Changes<String> first = session.next(Map.of("a", AT_1, "b", AT_1));
        assertTrue(first.isFull());
        assertEquals(Map.of("a", AT_1, "b", AT_1), first.named());
        session.answered(77, Map.of("a", AT_1, "b", AT_1));
        // When
        Map<String, FetchPosition> wanted = Map.of("a", AT_2, "c", AT_1);
        LeaderSession.Changes<String> second = session.next(wanted);
        // Then
        assertEquals(new LeaderSession.Changes<>(77, 1, wanted, List.of("b")), second);
        assertFalse(second.isFull());
        // And
        session.answered(77, wanted);
        assertEquals(new LeaderSession.Changes<>(77, 2, Map.of(), List.of()), session.next(wanted));
    }

    @Test
    void namesEverythingAgainWhereTheLeaderRemembersNothing() {
        // Given
        session.answered(77, Map.of("a", AT_1));
        // When
        session.end();
        // Then
        assertEquals(new LeaderSession.Changes<>(0, 0, Map.of("a", AT_1), List.of()), session.next(Map.of("a", AT_1)));
    }

    @Test
    void asksForASessionAgainWhereNoneIsKept() {
        session.answered(0, Map.of("a", AT_1));
        assertTrue(session.next(Map.of("a", AT_1)).isFull());
        assertEquals(Map.of("a", AT_1), session.next(Map.of("a", AT_1)).named());
    }
}
