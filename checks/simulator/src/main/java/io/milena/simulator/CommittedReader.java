package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.AbortedTransaction;
import io.milena.records.ControlRecord;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads a partition as consumers with {@code isolation.level=read_committed} do, until {@code isComplete} holds and nothing is open any more. */
final class CommittedReader extends Client {
    private static final byte READ_COMMITTED = 1;

    private final String topic;
    private final int partition;
    private final Ledger ledger;
    private final BooleanSupplier isComplete;
    private final List<Ledger.Entry> log = new ArrayList<>();
    private long position;

    CommittedReader(
            SimulatedEnvironment world, String topic, int partition, Ledger ledger, BooleanSupplier isComplete) {
        super(world);
        this.topic = topic;
        this.partition = partition;
        this.ledger = ledger;
        this.isComplete = isComplete;
    }

    List<Ledger.Entry> log() {
        return log;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        while (true) {
            boolean wasComplete = isComplete.getAsBoolean();
            FetchResponse.PartitionData answer = connection
                    .ask(request(), 12, FetchResponse.class)
                    .responses()
                    .getFirst()
                    .partitions()
                    .getFirst();
            if (answer.errorCode() != ErrorCode.NONE.code()) {
                throw new History.Violation(
                        "reading at offset " + position + " was refused: " + ErrorCode.of(answer.errorCode()));
            }
            long before = position;
            if (answer.records() instanceof Payload.InMemory(ByteBuffer bytes)) {
                read(bytes, answer.abortedTransactions());
            }
            boolean isAtEnd = position == before && answer.lastStableOffset() == answer.highWatermark();
            if (wasComplete && isAtEnd && position == answer.highWatermark()) {
                return true;
            }
        }
    }

    private FetchRequest request() {
        FetchRequest.FetchPartition from = FetchRequest.FetchPartition.builder()
                .partition(partition)
                .fetchOffset(position)
                .partitionMaxBytes(1 + random.nextInt(2_000))
                .build();
        return FetchRequest.builder()
                .maxWaitMs(random.nextInt(100))
                .minBytes(1)
                .maxBytes(1 << 20)
                .isolationLevel(READ_COMMITTED)
                .sessionEpoch(-1)
                .topics(List.of(FetchRequest.FetchTopic.builder()
                        .topic(topic)
                        .partitions(List.of(from))
                        .build()))
                .build();
    }

    private void read(ByteBuffer bytes, @Nullable List<AbortedTransaction> abortedTransactions) {
        Queue<AbortedTransaction> ahead =
                new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
        if (abortedTransactions != null) {
            ahead.addAll(abortedTransactions);
        }
        Set<Long> aborted = new HashSet<>();
        for (RecordBatch batch : RecordBatches.of(bytes)) {
            while (!ahead.isEmpty() && ahead.element().firstOffset() <= batch.lastOffset()) {
                aborted.add(ahead.remove().producerId());
            }
            for (Record record : batch.records()) {
                if (batch.isControl()) {
                    if (ControlRecord.ofKey(record.key()) == ControlRecord.ABORT) {
                        aborted.remove(batch.producerId());
                    }
                } else if (record.offset() >= position && !aborted.contains(batch.producerId())) {
                    see(record);
                }
            }
            position = Math.max(position, batch.nextOffset());
        }
    }

    private void see(Record record) {
        ByteBuffer key = record.key();
        if (key == null) {
            throw new History.Violation("the record at offset " + record.offset() + " was never sent");
        }
        Ledger.Entry entry = new Ledger.Entry(key.getInt(key.position()), key.getInt(key.position() + Integer.BYTES));
        ledger.see(partition, record.offset(), entry);
        log.add(entry);
    }
}
