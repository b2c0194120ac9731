package io.milena.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What the timeline of a group tells: each rebalance with its reason, and who came and went. */
class GroupEventsTest {
    private static void assertTimeline(String story, String events) {
        assertEquals(events, RebalanceScript.timeline(story));
    }

    @Test
    void whoComesAndGoesIsNamed() {
        assertTimeline("""
            settings delay=0
            join a v=3
            sync a a#1=p0
            join b v=3
            join a v=3
            sync a a#1=p0 b#2=p1
            sync b
            leave b
            join a v=3
            sync a a#1=p0
            leave a
            """, """
            member-joined 0/1 a#1
            rebalance 0/1  member a#1 joins
            generation 1/1  protocol range, leader a#1
            assigned 1/1
            member-joined 1/2 b#2
            rebalance 1/2  member b#2 joins
            generation 2/2  protocol range, leader a#1
            assigned 2/2
            member-left 2/1 b#2
            rebalance 2/1  member b#2 leaves
            generation 3/1  protocol range, leader a#1
            assigned 3/1
            member-left 3/0 a#1
            rebalance 3/0  member a#1 leaves
            empty 4/0
            """);
    }

    @Test
    void whoIsNotHeardOfIsNamed() {
        assertTimeline("""
            settings delay=0
            join a v=3 session=6000
            sync a a#1=p0
            at 6001
            """, """
            member-joined 0/1 a#1
            rebalance 0/1  member a#1 joins
            generation 1/1  protocol range, leader a#1
            assigned 1/1
            member-timed-out 1/0 a#1 it has not been heard of for 6000 ms
            rebalance 1/0  member a#1 has not been heard of for 6000 ms
            empty 2/0
            """);
    }

    @Test
    void whoIsLateAndWhoIsSilentIsNamed() {
        assertTimeline("""
            settings delay=0
            join a v=3 rebalance=6000 session=30000
            sync a a#1=p0
            join b v=3 rebalance=6000 session=30000
            at 6000
            at 12000
            """, """
            member-joined 0/1 a#1
            rebalance 0/1  member a#1 joins
            generation 1/1  protocol range, leader a#1
            assigned 1/1
            member-joined 1/2 b#2
            rebalance 1/2  member b#2 joins
            member-late 1/1 a#1 it did not join again in time
            generation 2/1  protocol range, leader b#2
            member-silent 2/0 b#2 it never asked for its assignment
            rebalance 2/0  members that never asked for their assignment: 1
            empty 3/0
            """);
    }

    @Test
    void whoWantsSomethingElseIsNamed() {
        assertTimeline("""
            settings delay=0
            join a v=3
            sync a a#1=p0
            join a v=3 protocols=range:payments
            """, """
            member-joined 0/1 a#1
            rebalance 0/1  member a#1 joins
            generation 1/1  protocol range, leader a#1
            assigned 1/1
            member-rejoined 1/1 a#1
            rebalance 1/1  member a#1 joins
            generation 2/1  protocol range, leader a#1
            """);
    }
}
