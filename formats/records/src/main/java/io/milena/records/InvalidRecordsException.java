package io.milena.records;

/** Bytes that are not what they should be: the one exception that reading a batch or its records raises. */
public final class InvalidRecordsException extends RuntimeException {

    private final transient BatchFault fault;

    public InvalidRecordsException(BatchFault fault) {
        super(fault.message());
        this.fault = fault;
    }

    InvalidRecordsException(BatchFault.Kind kind, String message) {
        this(new BatchFault(kind, message));
    }

    InvalidRecordsException(BatchFault.Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.fault = new BatchFault(kind, message);
    }

    static InvalidRecordsException corrupt(String message) {
        return new InvalidRecordsException(BatchFault.Kind.CORRUPT, message);
    }

    static InvalidRecordsException invalid(String message) {
        return new InvalidRecordsException(BatchFault.Kind.INVALID_RECORD, message);
    }

    /** The same as a value, to be answered rather than thrown. */
    public BatchFault fault() {
        return fault;
    }
}
