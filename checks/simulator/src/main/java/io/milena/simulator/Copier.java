package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.simulator.Brokers.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Copies numbers to an output in transactions, and commits with each how far it has come, until all are copied. Others copy under the same transactional id at the same time: each fences those before
 * it, is fenced by those after it, and introduces itself anew. At random it aborts, does nothing for long in the middle, is silent until the time-out, or loses an answer; and in each session it speaks as a client of today
 * or as an old one.
 */
public final class Copier implements Work {
    private static final int UNKNOWN = -1;

    private final Pipeline pipeline;
    private final Ledger ledger;

    public Copier(Pipeline pipeline, Ledger ledger) {
        this.pipeline = pipeline;
        this.ledger = ledger;
    }

    @Override
    public boolean go(Brokers brokers) throws IOException {
        WireProducer producer =
                WireProducer.any(brokers, pipeline.transactionalId(), pipeline.output(), pipeline.partitions());
        if (!producer.introduce(pipeline.timeoutMs())) {
            return false;
        }
        while (true) {
            int from = position(brokers);
            if (from == UNKNOWN) {
                return false;
            }
            if (pipeline.input().isOver() && from == pipeline.input().count()) {
                return true;
            }
            int count = Math.min(numbers(brokers), pipeline.input().ahead(brokers, from));
            if (count > 0 && !copy(brokers, producer, from, from + count)) {
                return false;
            }
        }
    }

    /** As many as it likes; when no more will come, as many as there are. */
    private int numbers(Brokers brokers) {
        return pipeline.input().isOver()
                ? Integer.MAX_VALUE
                : 1 + brokers.random().nextInt(pipeline.numbersMax());
    }

    /** How far all have come; not known while that is about to change, or from a coordinator that was replaced: what it does not know of would be copied again. Members of a group would find that out as they join. */
    private int position(Brokers brokers) throws IOException {
        Target coordinator = Target.ofGroup(pipeline.group());
        boolean wasInCharge = brokers.isInCharge(coordinator);
        long least = ledger.least(pipeline.number());
        OffsetFetchRequest.OffsetFetchRequestGroup group = OffsetFetchRequest.OffsetFetchRequestGroup.builder()
                .groupId(pipeline.group())
                .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopics.builder()
                        .name(pipeline.input().topic())
                        .partitionIndexes(List.of(pipeline.input().partition()))
                        .build()))
                .build();
        OffsetFetchRequest request = OffsetFetchRequest.builder()
                .groups(List.of(group))
                .requireStable(true)
                .build();
        OffsetFetchResponse.OffsetFetchResponseGroup answer = brokers.ask(
                        coordinator, request, 8, OffsetFetchResponse.class)
                .groups()
                .getFirst();
        if (!brokers.isFine(
                answer.errorCode(),
                "asking how far the copy is",
                ErrorCode.NOT_COORDINATOR,
                ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)) {
            return UNKNOWN;
        }
        OffsetFetchResponse.OffsetFetchResponsePartitions partition =
                answer.topics().getFirst().partitions().getFirst();
        boolean isStable =
                brokers.isFine(partition.errorCode(), "asking how far the copy is", ErrorCode.UNSTABLE_OFFSET_COMMIT);
        if (!isStable || !wasInCharge || !brokers.isInCharge(coordinator)) {
            return UNKNOWN;
        }
        brokers.heardOf(input(), partition.committedLeaderEpoch());
        int until = Math.max(0, Math.toIntExact(partition.committedOffset()));
        return ledger.committed(pipeline.number(), until, least);
    }

    private Target input() {
        return Target.leader(pipeline.input().topic(), pipeline.input().partition());
    }

    private boolean copy(Brokers brokers, WireProducer producer, int from, int until) throws IOException {
        int attempt = ledger.begin(pipeline.number(), from, until);
        List<ByteBuffer> keys = IntStream.range(from, until)
                .mapToObj(number -> new Ledger.Entry(attempt, number).key())
                .toList();
        for (int partition = 0; partition < pipeline.partitions(); partition++) {
            long offset = producer.write(partition, keys);
            if (offset == WireProducer.REFUSED) {
                return false;
            }
            ledger.wrote(attempt, partition, offset);
            if (brokers.random().nextInt(30) == 0) {
                brokers.rest(2L * pipeline.timeoutMs());
            }
        }
        if (!producer.commitOffset(pipeline.group(), input(), until)) {
            return false;
        }
        int whim = brokers.random().nextInt(10);
        if (whim == 0) {
            return false; // and says no more: its successor or the time-out aborts
        }
        if (whim < 3) {
            return producer.end(false);
        }
        ledger.askToCommit(attempt);
        if (whim == 3) {
            producer.endInVain(true);
        }
        boolean isCommitted = producer.end(true);
        if (isCommitted) {
            ledger.confirm(attempt);
        }
        return isCommitted;
    }
}
