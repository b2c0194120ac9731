package io.milena.broker.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.metadata.ClusterImage;
import io.milena.metadata.ControllerSettings;
import io.milena.protocol.Message;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Broker 0 is preferred for all partitions of one topic, and broker 1 leads them, or nobody does. */
class UnaskedElectionsTest {
    private static final UUID TOPIC = new UUID(1, 1);
    private static final int NOBODY = -1;
    private static final long PREFER_MS = 300;
    private static final long LEAD_AGAIN_MS = 1_000;
    private static final long BEGIN_MS = 10_000;
    private static final List<Integer> BOTH = List.of(0, 1);

    @Test
    void preferredLeadersWaitForTheirInterval() {
        UnaskedElections elections = elections(true, 10);
        ClusterImage image = image(1, 1, BOTH);

        assertEquals(List.of(), elections.due(image, BEGIN_MS + PREFER_MS - 1));

        assertEquals(0, leaderAfter(image, elections.due(image, BEGIN_MS + PREFER_MS)));
    }

    @Test
    void whatWasLookedAtIsNotLookedAtAgainBeforeTheNextInterval() {
        UnaskedElections elections = elections(true, 10);
        ClusterImage image = image(1, 1, BOTH);
        long first = BEGIN_MS + PREFER_MS;
        elections.due(image, first);

        assertEquals(List.of(), elections.due(image, first + PREFER_MS - 1));

        assertEquals(1, elections.due(image, first + PREFER_MS).size());
    }

    @Test
    void whatWasTooMuchForOneLookGoesOnWithTheNext() {
        UnaskedElections elections = elections(true, 10);
        ClusterImage image = image(1_500, 1, BOTH);
        long now = BEGIN_MS + PREFER_MS;

        List<Message> first = elections.due(image, now);
        image = image.replay(first);
        List<Message> second = elections.due(image, now);
        image = image.replay(second);

        assertEquals(1_000, first.size());
        assertEquals(500, second.size());
        assertEquals(List.of(), image.partitionsLedByOthers());
    }

    @Test
    void aPreferredLeaderThatIsNotInSyncIsNotElected() {
        UnaskedElections elections = elections(true, 10);

        assertEquals(List.of(), elections.due(image(1, 1, List.of(1)), BEGIN_MS + PREFER_MS));
    }

    @Test
    void asManyAsThePercentageAllowsStayWithOthers() {
        UnaskedElections elections = elections(true, 100);

        assertEquals(List.of(), elections.due(image(3, 1, BOTH), BEGIN_MS + PREFER_MS));
    }

    @Test
    void withoutRebalancingLeadersStayWhereTheyAre() {
        UnaskedElections elections = elections(false, 10);

        assertEquals(List.of(), elections.due(image(1, 1, BOTH), BEGIN_MS + LEAD_AGAIN_MS));
    }

    @Test
    void whoeverIsUpLeadsWhenUncleanElectionsAreAllowedMeanwhile() {
        UnaskedElections elections = elections(false, 10);
        ClusterImage image = image(1, NOBODY, List.of(2)); // who is not there
        assertEquals(List.of(), elections.due(image, BEGIN_MS + LEAD_AGAIN_MS));
        image = image.replay(List.of(new ConfigRecord((byte) 2, "orders", "unclean.leader.election.enable", "true")));

        assertEquals(List.of(), elections.due(image, BEGIN_MS + 2 * LEAD_AGAIN_MS - 1));

        assertEquals(0, leaderAfter(image, elections.due(image, BEGIN_MS + 2 * LEAD_AGAIN_MS)));
    }

    @Test
    void whoDecidesFromNowOnCountsFromNowOn() {
        UnaskedElections elections = elections(true, 10);
        ClusterImage image = image(1, 1, BOTH);

        elections.reset(BEGIN_MS + PREFER_MS);

        assertEquals(List.of(), elections.due(image, BEGIN_MS + PREFER_MS));
        assertEquals(1, elections.due(image, BEGIN_MS + 2 * PREFER_MS).size());
    }

    private static UnaskedElections elections(boolean prefers, int imbalancePercentage) {
        UnaskedElections elections = new UnaskedElections(
                new UnaskedElections.Settings(prefers, PREFER_MS, imbalancePercentage, LEAD_AGAIN_MS),
                ControllerSettings.of(3_000, 1));
        elections.reset(BEGIN_MS);
        return elections;
    }

    private static int leaderAfter(ClusterImage image, List<Message> changes) {
        assertEquals(1, changes.size());
        assertEquals(0, ((PartitionChangeRecord) changes.getFirst()).partitionId());
        return Objects.requireNonNull(image.replay(changes).topic("orders"))
                .partitions()
                .getFirst()
                .leader();
    }

    private static ClusterImage image(int partitions, int leader, List<Integer> isr) {
        List<Message> records = new ArrayList<>();
        for (int id : BOTH) {
            records.add(
                    RegisterBrokerRecord.builder().brokerId(id).fenced(false).build());
        }
        records.add(new TopicRecord("orders", TOPIC));
        for (int id = 0; id < partitions; id++) {
            records.add(PartitionRecord.builder()
                    .partitionId(id)
                    .topicId(TOPIC)
                    .replicas(List.of(0, 1, 2))
                    .isr(isr)
                    .leader(leader)
                    .build());
        }
        return ClusterImage.EMPTY.replay(records);
    }
}
