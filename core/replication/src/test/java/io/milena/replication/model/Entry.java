package io.milena.replication.model;

/** A record of the model: no two appends have the same value. */
public record Entry(int epoch, long value) {}
