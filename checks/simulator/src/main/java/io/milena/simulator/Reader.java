package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Reads a partition from its start to where it ends when {@code isComplete} first holds, and reports what it sees as seen. */
final class Reader extends Client {
    private final String topic;
    private final int partition;
    private final History history;
    private final BooleanSupplier isComplete;
    private final List<History.Entry> log = new ArrayList<>();

    Reader(SimulatedEnvironment world, String topic, int partition, History history, BooleanSupplier isComplete) {
        super(world);
        this.topic = topic;
        this.partition = partition;
        this.history = history;
        this.isComplete = isComplete;
    }

    /** All that was read, by offset. */
    List<History.Entry> log() {
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
                        "reading at offset " + log.size() + " was refused: " + ErrorCode.of(answer.errorCode()));
            }
            int before = log.size();
            if (answer.records() instanceof Payload.InMemory(ByteBuffer bytes)) {
                read(bytes);
            }
            if (wasComplete && log.size() == before) {
                return true;
            }
        }
    }

    private FetchRequest request() {
        FetchRequest.FetchPartition from = FetchRequest.FetchPartition.builder()
                .partition(partition)
                .fetchOffset(log.size())
                .partitionMaxBytes(1 + random.nextInt(20_000))
                .build();
        return FetchRequest.builder()
                .maxWaitMs(random.nextInt(100))
                .minBytes(1)
                .maxBytes(1 << 20)
                .sessionEpoch(-1)
                .topics(List.of(FetchRequest.FetchTopic.builder()
                        .topic(topic)
                        .partitions(List.of(from))
                        .build()))
                .build();
    }

    private void read(ByteBuffer bytes) {
        for (RecordBatch batch : RecordBatches.of(bytes)) {
            if (!batch.isIntact()) {
                throw new History.Violation("the batch at offset " + batch.baseOffset() + " is damaged");
            }
            for (Record record : batch.records()) {
                if (record.offset() >= log.size()) {
                    see(record);
                }
            }
        }
    }

    private void see(Record record) {
        if (record.offset() != log.size()) {
            throw new History.Violation("offset " + record.offset() + " follows " + (log.size() - 1));
        }
        ByteBuffer key = record.key();
        if (key == null) {
            throw new History.Violation("the record at offset " + record.offset() + " was never sent");
        }
        History.Entry entry = new History.Entry(key.getInt(key.position()), key.getInt(key.position() + Integer.BYTES));
        history.seen(record.offset(), entry);
        log.add(entry);
    }
}
