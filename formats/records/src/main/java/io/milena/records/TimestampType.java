package io.milena.records;

/** Who set the timestamps of a batch; bit 3 of its attributes. */
public enum TimestampType {
    /** The producer: each record has its own. */
    CREATE_TIME,
    /** The broker when it appended: all records have the batch's maximum timestamp. */
    LOG_APPEND_TIME
}
