package io.milena.log;

import io.milena.records.BatchFault;
import io.milena.records.BatchValidation;
import io.milena.records.Compression;
import io.milena.records.InvalidRecordsException;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.records.TimestampType;
import org.jspecify.annotations.Nullable;

/** What a log demands of a batch before it appends it, and what it changes in it, as its settings say. */
final class Admission {
    private final LogSettings settings;
    private final BatchValidation validation;

    private Admission(LogSettings settings, BatchValidation validation) {
        this.settings = settings;
        this.validation = validation;
    }

    static Admission ofClients(LogSettings settings) {
        LogSettings.Accepting accepting = settings.accepting();
        BatchValidation validation = BatchValidation.ofClients(accepting.batchBytesMax());
        if (accepting.timestampType() == TimestampType.CREATE_TIME) {
            validation = validation.withTimestamps(new BatchValidation.TimestampWindow(
                    accepting.timestampBeforeMaxMs(), accepting.timestampAfterMaxMs()));
        }
        if (settings.compacting().isOn()) {
            validation = validation.withKeys(BatchValidation.Keys.REQUIRED);
        }
        return new Admission(settings, validation);
    }

    static Admission ofBroker(LogSettings settings) {
        return new Admission(
                settings, BatchValidation.ofBroker(settings.segments().bytes()));
    }

    AppendResult.@Nullable Refused check(RecordBatch batch, long nowMs) {
        BatchFault fault = validation.appendFault(batch, nowMs);
        if (fault != null) {
            return refusal(fault);
        }
        if (batch.sizeInBytes() > settings.segments().bytes()) {
            return AppendResult.Refused.because(
                    AppendResult.Reason.RECORD_LIST_TOO_LARGE,
                    "a batch of " + batch.sizeInBytes() + " bytes does not fit into a segment of "
                            + settings.segments().bytes());
        }
        return null;
    }

    /** The batch with the topic's compression and timestamps: the same one unless it must be compressed anew. */
    RecordBatch prepare(RecordBatch batch, long nowMs) {
        Compression wanted = settings.accepting().compression();
        RecordBatch prepared = wanted == null || wanted == batch.compression() || batch.isControl()
                ? batch
                : recompress(batch, wanted, nowMs);
        if (settings.accepting().timestampType() == TimestampType.LOG_APPEND_TIME) {
            prepared.stampLogAppendTime(nowMs);
        }
        return prepared;
    }

    /** Only here are the records of a compressed batch looked at one by one, and only here does its size change. */
    private RecordBatch recompress(RecordBatch batch, Compression wanted, long nowMs) {
        refuse(validation.fault(batch, nowMs));
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .baseOffset(batch.baseOffset())
                .compression(wanted, settings.accepting().compressionLevel());
        if (batch.hasProducerId()) {
            builder.producer(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
        }
        if (batch.isTransactional()) {
            builder.transactional();
        }
        for (Record record : batch.records()) {
            builder.append(record);
        }
        RecordBatch built = builder.build();
        refuse(validation.headerFault(built, nowMs));
        return built;
    }

    private static void refuse(@Nullable BatchFault fault) {
        if (fault != null) {
            throw new InvalidRecordsException(fault);
        }
    }

    static AppendResult.Refused refusal(BatchFault fault) {
        AppendResult.Reason reason = switch (fault.kind()) {
            case CORRUPT -> AppendResult.Reason.CORRUPT_MESSAGE;
            case UNSUPPORTED_MAGIC, INVALID_RECORD -> AppendResult.Reason.INVALID_RECORD;
            case UNSUPPORTED_COMPRESSION -> AppendResult.Reason.UNSUPPORTED_COMPRESSION_TYPE;
            case INVALID_TIMESTAMP -> AppendResult.Reason.INVALID_TIMESTAMP;
            case TOO_LARGE -> AppendResult.Reason.MESSAGE_TOO_LARGE;
        };
        return new AppendResult.Refused(
                reason,
                fault.message(),
                fault.records().stream()
                        .map(record -> new AppendResult.RecordError(record.index(), record.message()))
                        .toList());
    }
}
