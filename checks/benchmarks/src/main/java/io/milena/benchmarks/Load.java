package io.milena.benchmarks;

/** One produce load: how many records of which size, and how the client batches and waits. */
record Load(String name, long records, int recordBytes, String acks, int batchBytes) {
    double gigabytes() {
        return records * (double) recordBytes / 1e9;
    }
}
