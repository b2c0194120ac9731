package io.milena.records;

import io.milena.records.BatchFault.Kind;
import io.milena.records.BatchFault.RecordFault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of one batch that may not be appended, as they are met: all are counted, the first ones named. As in Apache Kafka, one wrong timestamp makes the whole batch's fault one. */
final class RecordFaults {
    private final List<RecordFault> named = new ArrayList<>();
    private int count;
    private Kind kind = Kind.INVALID_RECORD;

    void add(Kind kindOfRecord, RecordFault fault) {
        if (kindOfRecord == Kind.INVALID_TIMESTAMP) {
            kind = kindOfRecord;
        }
        if (count < BatchFault.RECORDS_MAX) {
            named.add(fault);
        }
        count++;
    }

    /** Null when there are none. */
    @Nullable
    BatchFault asFault() {
        if (count == 0) {
            return null;
        }
        String first = named.getFirst().message();
        return new BatchFault(
                kind,
                count == 1 ? first : count + " records of the batch are refused; the first: " + first,
                List.copyOf(named));
    }
}
