package io.milena.benchmarks;

/**
 * One produce load: how many records of which size, and how the client batches and waits.
 *
 * @param warmUpRecords the first of the records, which do not count: the client's compiler is still busy with them
 */
record Load(String name, long records, long warmUpRecords, int recordBytes, String acks, int batchBytes) {
    Load(String name, long records, int recordBytes, String acks, int batchBytes) {
        this(name, records, 0, recordBytes, acks, batchBytes);
    }

    /** Of all records. */
    double gigabytes() {
        return records * (double) recordBytes / 1e9;
    }
}
