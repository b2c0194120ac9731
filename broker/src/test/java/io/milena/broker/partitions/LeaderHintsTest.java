package io.milena.broker.partitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceResponse;
import io.milena.protocol.message.ProduceResponse.LeaderIdAndEpoch;
import io.milena.protocol.message.ProduceResponse.NodeEndpoint;
import io.milena.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.milena.protocol.message.ProduceResponse.TopicProduceResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderHintsTest {
    private final LeaderHints hints = new LeaderHints(
            (topic, topicId, index) -> index == 2 ? null : new LeaderHints.Leader(7, 3, "host", 9092, null));

    private static ProduceResponse answers(ErrorCode... errors) {
        PartitionProduceResponse[] partitions = new PartitionProduceResponse[errors.length];
        for (int i = 0; i < errors.length; i++) {
            partitions[i] = PartitionProduceResponse.builder()
                    .index(i)
                    .errorCode(errors[i].code())
                    .build();
        }
        return ProduceResponse.builder()
                .responses(List.of(TopicProduceResponse.builder()
                        .name("t")
                        .partitionResponses(List.of(partitions))
                        .build()))
                .build();
    }

    @Test
    void aProducerThatCameToTheWrongBrokerIsToldTheLeader() {
        // When
        ProduceResponse told = hints.added(
                answers(ErrorCode.NONE, ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.NOT_LEADER_OR_FOLLOWER),
                (short) 10);
        // Then
        LeaderIdAndEpoch unknown = new LeaderIdAndEpoch(-1, -1);
        assertEquals(
                List.of(unknown, new LeaderIdAndEpoch(7, 3), unknown),
                told.responses().getFirst().partitionResponses().stream()
                        .map(PartitionProduceResponse::currentLeader)
                        .toList());
        assertEquals(List.of(new NodeEndpoint(7, "host", 9092, null)), told.nodeEndpoints());
    }

    @Test
    void whoCameRightOrCannotReadItIsToldNothing() {
        ProduceResponse right = answers(ErrorCode.NONE);
        ProduceResponse old = answers(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertSame(right, hints.added(right, (short) 13));
        assertSame(old, hints.added(old, (short) 9));
    }
}
