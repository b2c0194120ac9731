package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.milena.metadata.PartitionChange.Election;
import io.milena.metadata.PartitionChange.Rules;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Corners that no story of brokers leads to soon; what is expected is what Apache Kafka's own class makes of the same, unless the name says otherwise. */
class PartitionChangeTest {
    private static PartitionRecord.Builder partition(Integer... replicas) {
        return PartitionRecord.builder()
                .topicId(new UUID(1, 1))
                .replicas(List.of(replicas))
                .isr(List.of(replicas))
                .leader(replicas[0])
                .leaderEpoch(5)
                .partitionEpoch(7)
                .directories(Directories.unassigned(replicas.length));
    }

    private static PartitionChange change(PartitionRecord partition, Set<Integer> up) {
        return new PartitionChange(partition, new Rules(up::contains, 2, true, false));
    }

    @Test
    void whatChangesNothingIsNoRecord() {
        PartitionRecord partition = partition(1, 2).build();
        assertNull(change(partition, Set.of(1, 2)).isr(List.of(1, 2)).record());
    }

    @Test
    void anElectionPastTheIsrIsUncleanEvenIfTheWinnerWasEligible() {
        PartitionRecord partition = partition(1, 5)
                .isr(List.of(5))
                .leader(5)
                .eligibleLeaderReplicas(List.of(1))
                .build();
        PartitionChangeRecord record =
                change(partition, Set.of(1)).election(Election.UNCLEAN).record();
        assertNotNull(record);
        PartitionRecord after = PartitionChange.applied(record, partition);
        assertEquals(1, after.leader());
        assertEquals(List.of(1), after.isr());
        assertEquals(PartitionChange.RECOVERING, after.leaderRecoveryState());
        assertEquals(List.of(), after.eligibleLeaderReplicas());
    }

    @Test
    void whoIsRemovedIsNotEligibleOtherThanInKafka() {
        PartitionRecord partition = partition(4, 5, 0, 1)
                .isr(List.of(4, 5))
                .addingReplicas(List.of(4))
                .removingReplicas(List.of(5))
                .build();
        PartitionChangeRecord record = change(partition, Set.of(0, 1, 4, 5)).record();
        assertNotNull(record);
        PartitionRecord after = PartitionChange.applied(record, partition);
        assertEquals(List.of(4, 0, 1), after.replicas());
        assertEquals(List.of(4), after.isr());
        assertNull(after.eligibleLeaderReplicas());
        assertEquals(6, after.leaderEpoch(), "nobody takes the removed one for a replica");
        assertEquals(8, after.partitionEpoch());
    }
}
