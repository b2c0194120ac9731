package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Copies numbers to an output in transactions, and commits with each how far it has come, until all are copied. Others copy under the same transactional id at the same time: each fences those before
 * it, is fenced by those after it, and introduces itself anew. At random it aborts, is silent until the time-out, or loses an answer; and in each session it speaks as a client of today or as an old one.
 */
final class Copier extends Client {
    static final String GROUP = "copiers";
    private static final String ID = "copier";
    private static final int TIMEOUT_MS = 300;
    private static final int NUMBERS_MAX = 3;

    private final String output;
    private final int partitions;
    private final Ledger ledger;
    private final int count;

    Copier(SimulatedEnvironment world, String output, int partitions, Ledger ledger, int count) {
        super(world);
        this.output = output;
        this.partitions = partitions;
        this.ledger = ledger;
        this.count = count;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        WireProducer producer = WireProducer.any(random, connection, ID, output, partitions);
        if (!WireProducer.hasCoordinators(connection, GROUP, ID) || !producer.introduce(TIMEOUT_MS)) {
            return false;
        }
        while (true) {
            int from = position(connection);
            if (from == count) {
                return true;
            }
            if (from < 0 || !copy(producer, from, Math.min(count, from + 1 + random.nextInt(NUMBERS_MAX)))) {
                return false;
            }
        }
    }

    /** How far all have come, or -1 while that is about to change. */
    private int position(WireClient connection) throws IOException {
        OffsetFetchRequest.OffsetFetchRequestGroup group = OffsetFetchRequest.OffsetFetchRequestGroup.builder()
                .groupId(GROUP)
                .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopics.builder()
                        .name(output)
                        .partitionIndexes(List.of(0))
                        .build()))
                .build();
        OffsetFetchRequest request = OffsetFetchRequest.builder()
                .groups(List.of(group))
                .requireStable(true)
                .build();
        OffsetFetchResponse.OffsetFetchResponseGroup answer =
                connection.ask(request, 8, OffsetFetchResponse.class).groups().getFirst();
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            return -1;
        }
        var partition = answer.topics().getFirst().partitions().getFirst();
        if (partition.errorCode() == ErrorCode.UNSTABLE_OFFSET_COMMIT.code()) {
            return -1;
        }
        return Math.max(0, Math.toIntExact(partition.committedOffset()));
    }

    private boolean copy(WireProducer producer, int from, int until) throws IOException {
        int attempt = ledger.begin(from, until);
        List<ByteBuffer> keys = IntStream.range(from, until)
                .mapToObj(number -> new Ledger.Entry(attempt, number).key())
                .toList();
        for (int partition = 0; partition < partitions; partition++) {
            if (producer.write(partition, nowMs(), keys) == WireProducer.REFUSED) {
                return false;
            }
        }
        if (!producer.commitOffset(GROUP, until)) {
            return false;
        }
        int whim = random.nextInt(10);
        if (whim == 0) {
            return false; // and says no more: its successor or the time-out aborts
        }
        if (whim < 3) {
            return producer.end(false);
        }
        ledger.askToCommit(attempt);
        boolean isCommitted = producer.end(true);
        if (isCommitted) {
            ledger.confirm(attempt);
        }
        return isCommitted;
    }
}
