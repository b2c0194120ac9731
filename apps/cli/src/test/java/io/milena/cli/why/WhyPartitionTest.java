package io.milena.cli.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WhyPartitionTest {
    private static Answer why(int leader, List<Integer> isr, Set<Integer> offline, Set<Integer> brokers) {
        return new WhyPartition("orders-0", leader, List.of(1, 2, 3), isr, offline, brokers, 2).answer();
    }

    private static void assertFound(Answer answer, String words) {
        assertTrue(String.join("\n", answer.findings()).contains(words), () -> answer.toString());
    }

    @Test
    void allInSync() {
        Answer answer = why(1, List.of(1, 2, 3), Set.of(), Set.of(1, 2, 3));
        assertEquals("it is not under-replicated", answer.conclusion());
        assertEquals(List.of(), answer.advice());
    }

    @Test
    void aBrokerIsGone() {
        Answer answer = why(1, List.of(1, 2), Set.of(3), Set.of(1, 2));
        assertEquals("it is under-replicated because of brokers that are not there: [3]", answer.conclusion());
        assertFound(answer, "so writes go on");
    }

    @Test
    void tooFewAreInSyncToWrite() {
        Answer answer = why(1, List.of(1), Set.of(2, 3), Set.of(1));
        assertFound(answer, "fewer are in sync than min.insync.replicas (2)");
    }

    @Test
    void aDiskIsGoneWhileItsBrokerIsUp() {
        Answer answer = why(1, List.of(1, 2), Set.of(3), Set.of(1, 2, 3));
        assertEquals("it is under-replicated because of failed disks on [3]", answer.conclusion());
    }

    @Test
    void theDiskOfTheLeaderIsGone() {
        Answer answer = why(1, List.of(1), Set.of(1, 2, 3), Set.of(1));
        assertTrue(answer.conclusion().startsWith("the disk of its leader has failed"), answer.conclusion());
        assertTrue(answer.advice().getFirst().startsWith("look at the log of broker 1"), answer.toString());
    }

    @Test
    void aReplicaIsBehind() {
        Answer answer = why(1, List.of(1, 2), Set.of(), Set.of(1, 2, 3));
        assertEquals(
                "it is under-replicated because [3] are still catching up, or cannot keep up", answer.conclusion());
    }

    @Test
    void nobodyLeads() {
        Answer answer = why(-1, List.of(1), Set.of(1), Set.of(2, 3));
        assertTrue(answer.conclusion().startsWith("nobody leads it"), answer.conclusion());
        assertEquals("bring back one of [1]", answer.advice().getFirst());
    }
}
