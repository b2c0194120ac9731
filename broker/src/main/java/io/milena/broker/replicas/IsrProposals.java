package io.milena.broker.replicas;

import io.milena.broker.partitions.Replica;
import io.milena.broker.peers.ControllerLink;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterPartitionRequest;
import io.milena.protocol.message.AlterPartitionRequest.BrokerState;
import io.milena.protocol.message.AlterPartitionResponse;
import io.milena.replication.Command;
import io.milena.replication.Proposal;
import io.milena.replication.ProposalOutcome;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/** Brings the proposals of this broker's leaders to the controller (AlterPartition, KIP-497), one after another on one thread. A leader has at most one on its way, so the queue is bounded by them. */
final class IsrProposals implements Runnable {
    private static final System.Logger LOG = System.getLogger(IsrProposals.class.getName());
    private static final int VERSION = 3;
    private static final long BACKOFF_MS = 100;

    private final int localId;
    private final LongSupplier brokerEpoch;
    private final ControllerLink controller;
    private final Clock clock;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();

    private record Waiting(Replica replica, Proposal proposal, int attempt) {}

    IsrProposals(int localId, LongSupplier brokerEpoch, ControllerLink controller, Clock clock) {
        this.localId = localId;
        this.brokerEpoch = brokerEpoch;
        this.controller = controller;
        this.clock = clock;
    }

    void add(Replica replica, Proposal proposal, int attempt) {
        queue.add(new Waiting(replica, proposal, attempt));
    }

    @Override
    public void run() {
        try {
            while (true) {
                Waiting next = queue.take();
                if (next.attempt > 1) {
                    clock.sleepMs(BACKOFF_MS);
                }
                next.replica.handle(new Command.ProposalAnswered(next.proposal, ask(next)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProposalOutcome ask(Waiting waiting) throws InterruptedException {
        try {
            AlterPartitionResponse response = controller.ask(request(waiting), VERSION, AlterPartitionResponse.class);
            return response.errorCode() == ErrorCode.NONE.code()
                    ? outcome(response.topics().getFirst().partitions().getFirst())
                    : new ProposalOutcome.Refused(ErrorCode.of(response.errorCode()));
        } catch (IOException e) {
            LOG.log(Level.INFO, "{0}: the controller does not answer: {1}", waiting.replica.name(), e.getMessage());
            return new ProposalOutcome.Unanswered();
        }
    }

    private static ProposalOutcome outcome(AlterPartitionResponse.PartitionData partition) {
        return partition.errorCode() == ErrorCode.NONE.code()
                ? new ProposalOutcome.Accepted(partition.leaderEpoch(), partition.partitionEpoch(), partition.isr())
                : new ProposalOutcome.Refused(ErrorCode.of(partition.errorCode()));
    }

    private AlterPartitionRequest request(Waiting waiting) {
        return AlterPartitionRequest.builder()
                .brokerId(localId)
                .brokerEpoch(brokerEpoch.getAsLong())
                .topics(List.of(AlterPartitionRequest.TopicData.builder()
                        .topicId(waiting.replica.log().topicId())
                        .partitions(List.of(AlterPartitionRequest.PartitionData.builder()
                                .partitionIndex(waiting.replica.log().partition())
                                .leaderEpoch(waiting.proposal.leaderEpoch())
                                .partitionEpoch(waiting.proposal.partitionEpoch())
                                .newIsrWithEpochs(waiting.proposal.members().stream()
                                        .map(member -> BrokerState.builder()
                                                .brokerId(member.id())
                                                .brokerEpoch(member.brokerEpoch())
                                                .build())
                                        .toList())
                                .build()))
                        .build()))
                .build();
    }
}
