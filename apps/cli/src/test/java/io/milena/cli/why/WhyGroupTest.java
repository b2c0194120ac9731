package io.milena.cli.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.cli.why.GroupState.Position;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WhyGroupTest {
    private static Answer why(String state, int members, Position... positions) {
        List<String> ids = IntStream.range(0, members).mapToObj(i -> "m" + i).toList();
        GroupState.Membership membership = new GroupState.Membership(ids, List.of(), List.of());
        return new WhyGroup(new GroupState("g", state, membership, List.of(positions), 2000)).answer();
    }

    private static void assertSo(String words, Answer answer) {
        assertTrue(answer.conclusion().contains(words), () -> answer.toString());
    }

    @Test
    void itRebalances() {
        assertSo("not all others have come back", why("PreparingRebalance", 2));
        assertSo("partitions are being assigned", why("CompletingRebalance", 2));
    }

    @Test
    void whoSetItOffIsNamed() {
        GroupState.Membership membership = new GroupState.Membership(
                List.of("m0", "m1"),
                List.of("m0"),
                List.of(new GroupState.Event("member m1 joined", 9500), new GroupState.Event("member m2 left", 900)));
        Answer classic = new WhyGroup(new GroupState("g", "PreparingRebalance", membership, List.of(), 2000)).answer();
        assertSo("because member m2 left 900 ms ago, and not all others have come back", classic);
        assertTrue(classic.findings().contains("member m1 joined 9 s ago"), classic.toString());
        assertSo(
                "because member m2 left 900 ms ago: partitions move, and [m0] have still to let go of theirs",
                new WhyGroup(new GroupState("g", "Reconciling", membership, List.of(), 2000)).answer());
    }

    @Test
    void itDoesNotExist() {
        assertEquals("there is no such group", why("Dead", 0).conclusion());
    }

    @Test
    void nobodyReads() {
        assertSo("it has no members", why("Empty", 0, new Position("t-0", null, 5, 9, 5, 9)));
        assertSo("not behind", why("Empty", 0, new Position("t-0", null, 9, 9, 9, 9)));
    }

    @Test
    void nothingIsWrong() {
        assertSo("neither rebalancing nor behind", why("Stable", 1, new Position("t-0", "m0", 8, 8, 9, 9)));
    }

    @Test
    void aPartitionHasNoOwner() {
        assertSo(
                "nobody reads [t-1]",
                why("Stable", 1, new Position("t-0", "m0", 9, 9, 9, 9), new Position("t-1", null, -1, 7, -1, 7)));
    }

    @Test
    void itCommitsNothing() {
        assertSo("commits nothing", why("Stable", 1, new Position("t-0", "m0", 5, 50, 5, 60)));
        assertSo("commits nothing", why("Stable", 1, new Position("t-0", "m0", -1, 50, -1, 60)));
    }

    @Test
    void whereNothingWasEverCommittedNothingIsCounted() {
        Answer answer = why(
                "Stable",
                1,
                new Position("t-0", "m0", 5, 60, 5, 60),
                new Position("t-1", "m0", -1, 0, -1, 0),
                new Position("t-2", "m0", -1, 0, -1, 0));
        assertTrue(
                answer.findings().contains("in 2000 ms it committed 0 record(s), and 0 were written"),
                answer::toString);
    }

    @Test
    void onePartitionGetsMostRecords() {
        assertSo(
                "which gets most of the records",
                why("Stable", 2, new Position("t-0", "m0", 0, 100, 10, 1000), new Position("t-1", "m1", 5, 6, 6, 8)));
    }

    @Test
    void oneMemberIsSlow() {
        assertSo(
                "whose member is slower",
                why(
                        "Stable",
                        2,
                        new Position("t-0", "m0", 0, 900, 10, 1000),
                        new Position("t-1", "m1", 900, 900, 1000, 1000)));
    }

    @Test
    void itCatchesUp() {
        // 100 unread, 50 more read than written in 2 s
        assertSo("in about 4 s", why("Stable", 1, new Position("t-0", "m0", 0, 150, 60, 160)));
    }

    @Test
    void itReadsTooSlowly() {
        Answer withSpare = why(
                "Stable", 1, new Position("t-0", "m0", 0, 100, 10, 200), new Position("t-1", "m0", 0, 100, 10, 200));
        assertSo("more slowly than others write", withSpare);
        assertTrue(withSpare.advice().getFirst().startsWith("start more members"), withSpare.toString());
        Answer full = why("Stable", 1, new Position("t-0", "m0", 0, 100, 10, 200));
        assertTrue(full.advice().getFirst().contains("has a member already"), full.toString());
    }
}
