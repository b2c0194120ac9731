package io.milena.log;

import io.milena.records.ControlRecord;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import java.nio.ByteBuffer;

/** What the tests of transactions share: producers that write small records to a log. */
final class TransactionFixture {
    private TransactionFixture() {}

    /** A batch of one record, of some hundred bytes. */
    static ByteBuffer batch(Clock clock, long producer, int epoch, int sequence, boolean isTransactional) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .append(clock.millis(), ByteBuffer.allocate(4).putInt(sequence).flip(), ByteBuffer.allocate(40))
                .producer(producer, (short) epoch, sequence);
        return (isTransactional ? builder.transactional() : builder).build().buffer();
    }

    static long write(Log log, Clock clock, long producer, int sequence) {
        return LogFixture.appended(log.append(batch(clock, producer, 0, sequence, true), 0))
                .baseOffset();
    }

    static long abort(Log log, long producer) {
        return LogFixture.appended(log.appendMarker(producer, (short) 0, 1, ControlRecord.ABORT, 0))
                .baseOffset();
    }

    static long commit(Log log, long producer) {
        return LogFixture.appended(log.appendMarker(producer, (short) 0, 1, ControlRecord.COMMIT, 0))
                .baseOffset();
    }

    /** Transactions of two producers, every other of which is aborted, until the log has that many segments. */
    static void fill(Log log, Clock clock, int segments) {
        for (int i = 0; log.compactable().segmentsBelow(Long.MAX_VALUE).size() < segments; i++) {
            write(log, clock, 7, 2 * i);
            write(log, clock, 8, i);
            write(log, clock, 7, 2 * i + 1);
            abort(log, 7);
            commit(log, 8);
        }
    }
}
